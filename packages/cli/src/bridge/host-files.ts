import { join } from 'node:path';
import type { Context } from '../context.ts';

/** A host whose configuration a bridge can be written into. */
export interface HostFile {
  readonly host: string;
  readonly path: string;
  /** Where the entry of a server stands, and how a stdio server is written there. */
  readonly shape: 'mcpServers' | 'servers' | 'opencode' | 'codex' | 'goose';
}

export type Scope = 'user' | 'project';

type Place = Pick<Context, 'cwd' | 'homeDirectory' | 'platform' | 'env'>;

interface Host {
  readonly title: string;
  readonly shape: HostFile['shape'];
  readonly user: (place: Place) => string;
  readonly project?: (place: Place) => string;
}

const HOSTS: ReadonlyMap<string, Host> = new Map<string, Host>([
  [
    'claude-code',
    {
      title: 'Claude Code',
      shape: 'mcpServers',
      user: ({ env, homeDirectory }) => join(env.CLAUDE_CONFIG_DIR ?? homeDirectory, '.claude.json'),
      project: ({ cwd }) => join(cwd, '.mcp.json'),
    },
  ],
  [
    'codex',
    {
      title: 'Codex',
      shape: 'codex',
      user: ({ env, homeDirectory }) => join(env.CODEX_HOME ?? join(homeDirectory, '.codex'), 'config.toml'),
      project: ({ cwd }) => join(cwd, '.codex', 'config.toml'),
    },
  ],
  [
    'cursor',
    {
      title: 'Cursor',
      shape: 'mcpServers',
      user: ({ homeDirectory }) => join(homeDirectory, '.cursor', 'mcp.json'),
      project: ({ cwd }) => join(cwd, '.cursor', 'mcp.json'),
    },
  ],
  [
    'vscode',
    {
      title: 'VS Code',
      shape: 'servers',
      user: (place) => join(userData(place), 'Code', 'User', 'mcp.json'),
      project: ({ cwd }) => join(cwd, '.vscode', 'mcp.json'),
    },
  ],
  [
    'gemini',
    {
      title: 'Gemini CLI',
      shape: 'mcpServers',
      user: ({ homeDirectory }) => join(homeDirectory, '.gemini', 'settings.json'),
      project: ({ cwd }) => join(cwd, '.gemini', 'settings.json'),
    },
  ],
  [
    'opencode',
    {
      title: 'opencode',
      shape: 'opencode',
      user: (place) => join(configFolder(place), 'opencode', 'opencode.json'),
      project: ({ cwd }) => join(cwd, 'opencode.json'),
    },
  ],
  ['goose', { title: 'goose', shape: 'goose', user: (place) => join(configFolder(place), 'goose', 'config.yaml') }],
]);

export const HOST_NAMES: readonly string[] = [...HOSTS.keys()];

/** The file of a host, by its name on the command line; undefined for an unknown host, or one without files of projects. */
export function hostFile(name: string, scope: Scope, place: Place): HostFile | undefined {
  const host = HOSTS.get(name);
  const path = scope === 'user' ? host?.user(place) : host?.project?.(place);
  return host === undefined || path === undefined ? undefined : { host: host.title, path, shape: host.shape };
}

function configFolder({ env, homeDirectory }: Place): string {
  return env.XDG_CONFIG_HOME ?? join(homeDirectory, '.config');
}

function userData(place: Place): string {
  const { platform, homeDirectory, env } = place;
  if (platform === 'darwin') return join(homeDirectory, 'Library', 'Application Support');
  if (platform === 'win32') return env.APPDATA ?? join(homeDirectory, 'AppData', 'Roaming');
  return configFolder(place);
}
