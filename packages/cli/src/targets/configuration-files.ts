import { basename, dirname, join } from 'node:path';
import type { Context } from '../context.ts';

export type Format = 'json' | 'toml' | 'yaml';

export interface ConfigurationFile {
  readonly path: string;
  /** The program that owns the file. */
  readonly host: string;
  /** A project's file may come from a stranger; a person's own file is in the home directory. */
  readonly owner: 'project' | 'person';
  /** Working directory of its servers: the project, or for a person's own file the current directory. */
  readonly directory: string;
  readonly format: Format;
}

type Place = Pick<Context, 'cwd' | 'homeDirectory' | 'platform' | 'env'>;

/** Configuration files of the common hosts: the nearest project first, then the person's own. */
export function configurationFiles(place: Place): readonly ConfigurationFile[] {
  const personal = personalFiles(place);
  const own = new Set(personal.map(({ path }) => path));
  const projects = projectDirectories(place).flatMap(projectFiles);
  return [...projects.filter(({ path }) => !own.has(path)), ...personal];
}

/** A file named on the command line. It belongs to a project, unless it is a known file of the person. */
export function fileAt(path: string, place: Place): ConfigurationFile {
  const known = configurationFiles(place).find((each) => each.path === path);
  if (known !== undefined) return known;
  const directory = HOST_FOLDERS.has(basename(dirname(path))) ? dirname(dirname(path)) : dirname(path);
  return { path, host: basename(path), owner: 'project', directory, format: formatOf(path) };
}

const HOST_FOLDERS = new Set(['.vscode', '.cursor', '.codex', '.gemini', '.zed', '.goose']);

function formatOf(path: string): Format {
  if (path.endsWith('.toml')) return 'toml';
  return /\.ya?ml$/.test(path) ? 'yaml' : 'json';
}

/** Project directories from the current directory upwards, without the home and the root. */
function projectDirectories({ cwd, homeDirectory }: Pick<Place, 'cwd' | 'homeDirectory'>): readonly string[] {
  const directories: string[] = [];
  for (let at = cwd; ; at = dirname(at)) {
    if (at === homeDirectory || dirname(at) === at) break;
    directories.push(at);
  }
  return directories.length === 0 ? [cwd] : directories;
}

const PROJECT_FILES: readonly (readonly [host: string, ...path: string[]])[] = [
  ['project', '.mcp.json'],
  ['VS Code', '.vscode', 'mcp.json'],
  ['VS Code', '.vscode', 'settings.json'],
  ['Cursor', '.cursor', 'mcp.json'],
  ['Codex', '.codex', 'config.toml'],
  ['Gemini', '.gemini', 'settings.json'],
  ['opencode', 'opencode.json'],
  ['opencode', 'opencode.jsonc'],
  ['Zed', '.zed', 'settings.json'],
];

export function projectFiles(directory: string): readonly ConfigurationFile[] {
  return PROJECT_FILES.map(([host, ...parts]) => {
    const path = join(directory, ...parts);
    return { path, host, owner: 'project', directory, format: formatOf(path) };
  });
}

/** Job mapping files of the projects, the nearest first. */
export function projectJobsFiles(place: Pick<Place, 'cwd' | 'homeDirectory'>): readonly ConfigurationFile[] {
  return projectDirectories(place).map((directory) => {
    const path = join(directory, ...JOBS);
    return { path, host: 'mcp-tasks', owner: 'project', directory, format: 'json' };
  });
}

const JOBS = ['.mcp-tasks', 'jobs.json'] as const;

/** Whether the path is a project's job mapping file. */
export function isJobsFile(path: string): boolean {
  return path === join(dirname(dirname(path)), ...JOBS);
}

export function personalFiles({ homeDirectory: home, platform, env, cwd }: Place): readonly ConfigurationFile[] {
  const support = applicationSupport(home, platform, env);
  const config = env.XDG_CONFIG_HOME ?? join(home, '.config');
  const places: readonly (readonly [host: string, path: string])[] = [
    ['Claude Code', join(env.CLAUDE_CONFIG_DIR ?? home, '.claude.json')],
    ['Claude Desktop', join(support, 'Claude', 'claude_desktop_config.json')],
    ['VS Code', join(support, 'Code', 'User', 'mcp.json')],
    ['VS Code', join(support, 'Code', 'User', 'settings.json')],
    ['Cursor', join(home, '.cursor', 'mcp.json')],
    ['Windsurf', join(home, '.codeium', 'windsurf', 'mcp_config.json')],
    ['Codex', join(env.CODEX_HOME ?? join(home, '.codex'), 'config.toml')],
    ['Gemini', join(home, '.gemini', 'settings.json')],
    ['LM Studio', join(home, '.lmstudio', 'mcp.json')],
    ['Copilot CLI', join(home, '.copilot', 'mcp-config.json')],
    ['opencode', join(config, 'opencode', 'opencode.json')],
    ['Zed', join(config, 'zed', 'settings.json')],
    ['goose', join(config, 'goose', 'config.yaml')],
  ];
  return places.map(([host, path]) => ({ path, host, owner: 'person', directory: cwd, format: formatOf(path) }));
}

function applicationSupport(home: string, platform: NodeJS.Platform, env: Place['env']): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  if (platform === 'win32') return env.APPDATA ?? join(home, 'AppData', 'Roaming');
  return env.XDG_CONFIG_HOME ?? join(home, '.config');
}
