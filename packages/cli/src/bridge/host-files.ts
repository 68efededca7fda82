import type { Context } from '../context.ts';
import { personalFiles, projectFiles } from '../targets/configuration-files.ts';

/** A host whose configuration file can hold a bridge. */
export interface HostFile {
  readonly host: string;
  readonly path: string;
  /** The shape of a stdio server's entry in this file. */
  readonly shape: 'mcpServers' | 'servers' | 'opencode' | 'codex' | 'goose';
}

export type Scope = 'user' | 'project';

interface Host {
  readonly title: string;
  readonly shape: HostFile['shape'];
  /** The name in the list of project files. @default the title */
  readonly inProject?: string;
}

const HOSTS: ReadonlyMap<string, Host> = new Map<string, Host>([
  ['claude-code', { title: 'Claude Code', shape: 'mcpServers', inProject: 'project' }],
  ['codex', { title: 'Codex', shape: 'codex' }],
  ['cursor', { title: 'Cursor', shape: 'mcpServers' }],
  ['vscode', { title: 'VS Code', shape: 'servers' }],
  ['gemini', { title: 'Gemini', shape: 'mcpServers' }],
  ['opencode', { title: 'opencode', shape: 'opencode' }],
  ['goose', { title: 'goose', shape: 'goose' }],
]);

export const HOST_NAMES: readonly string[] = [...HOSTS.keys()];

/** The file of a host by its command line name; `undefined` for an unknown host, or one without project files. */
export function hostFile(name: string, scope: Scope, context: Context): HostFile | undefined {
  const host = HOSTS.get(name);
  if (host === undefined) return undefined;
  const { title, shape, inProject = title } = host;
  // The first file is the one for servers; VS Code and opencode have more.
  const found =
    scope === 'user'
      ? personalFiles(context).find((file) => file.host === title)
      : projectFiles(context.cwd).find((file) => file.host === inProject);
  return found && { host: title, path: found.path, shape };
}
