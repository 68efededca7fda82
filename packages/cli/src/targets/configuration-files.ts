import { dirname, join } from 'node:path';
import type { Context } from '../context.ts';

export interface ConfigurationFile {
  readonly path: string;
  /** Whose file it is. */
  readonly host: string;
  /** The project it belongs to, or the home. */
  readonly directory: string;
  readonly format: 'json' | 'toml';
}

type Place = Pick<Context, 'cwd' | 'homeDirectory' | 'platform' | 'env'>;

/** Where the common hosts keep their servers: the nearest project first, then what belongs to the person. */
export function configurationFiles(place: Place): readonly ConfigurationFile[] {
  return [...projectDirectories(place).flatMap(projectFiles), ...personalFiles(place)];
}

/** From here upwards; the home and the root are no projects. */
function projectDirectories({ cwd, homeDirectory }: Place): readonly string[] {
  const directories: string[] = [];
  for (let at = cwd; ; at = dirname(at)) {
    if (at === homeDirectory || dirname(at) === at) break;
    directories.push(at);
  }
  return directories.length === 0 ? [cwd] : directories;
}

function projectFiles(directory: string): readonly ConfigurationFile[] {
  const json = (host: string, ...path: string[]): ConfigurationFile => ({
    path: join(directory, ...path),
    host,
    directory,
    format: 'json',
  });
  return [
    json('project', '.mcp.json'),
    json('VS Code', '.vscode', 'mcp.json'),
    json('Cursor', '.cursor', 'mcp.json'),
    { path: join(directory, '.codex', 'config.toml'), host: 'Codex', directory, format: 'toml' },
  ];
}

function personalFiles({ homeDirectory: home, platform, env }: Place): readonly ConfigurationFile[] {
  const support = applicationSupport(home, platform, env);
  const json = (host: string, ...path: string[]): ConfigurationFile => ({
    path: join(...path),
    host,
    directory: home,
    format: 'json',
  });
  return [
    json('Claude Code', env.CLAUDE_CONFIG_DIR ?? home, '.claude.json'),
    json('Claude Desktop', support, 'Claude', 'claude_desktop_config.json'),
    json('VS Code', support, 'Code', 'User', 'mcp.json'),
    json('Cursor', home, '.cursor', 'mcp.json'),
    json('Windsurf', home, '.codeium', 'windsurf', 'mcp_config.json'),
    {
      path: join(env.CODEX_HOME ?? join(home, '.codex'), 'config.toml'),
      host: 'Codex',
      directory: home,
      format: 'toml',
    },
  ];
}

function applicationSupport(home: string, platform: NodeJS.Platform, env: Place['env']): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  if (platform === 'win32') return env.APPDATA ?? join(home, 'AppData', 'Roaming');
  return env.XDG_CONFIG_HOME ?? join(home, '.config');
}
