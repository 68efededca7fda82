import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { connect } from '@mcp-tasks/client/connect';
import { freshHome } from '../commands/support.ts';

const LOGGING = resolve(import.meta.dirname, 'logging-stdio.mjs');

/** A server as a Node script; `env` or `args` names the file of its state. */
export interface BoardProgram {
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A configured stdio server; all its processes share their state on disk. */
export function createBoardWorld(
  { script, args = [], env = {} }: BoardProgram,
  { home = freshHome(), name: server = 'board' }: { readonly home?: string; readonly name?: string } = {},
) {
  const log = join(home, `${server}.log`);
  const command = process.execPath;
  const target = { kind: 'command', command, args: [script, ...args] } as const;
  configure(home, server, { command, args: [LOGGING, log, command, script, ...args], env });

  return {
    home,
    env,
    /** The target for another client. */
    target,
    /** Calls a tool from another, uncounted process. */
    async byOther(name: string, given: Readonly<Record<string, unknown>>): Promise<string> {
      const connection = await connect(target, { env });
      try {
        const params = { name, arguments: given } as never;
        const result = (await connection.request('tools/call', params)) as { content: { text: string }[] };
        return result.content.map(({ text }) => text).join('');
      } finally {
        await connection.close();
      }
    },
    /** Number of calls of a tool through the configured server. */
    called(name: string): number {
      if (!existsSync(log)) return 0;
      return readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.includes(`"name":"${name}"`)).length;
    },
    /** Writes the person's job mappings. */
    map(jobs: object): void {
      const folder = join(home, '.config', 'mcp-tasks');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'jobs.json'), JSON.stringify(jobs));
    },
  };
}

/** Adds a server to the person's configuration. */
export function configure(home: string, name: string, entry: object): void {
  const path = join(home, '.claude.json');
  const { mcpServers } = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { mcpServers: {} };
  writeFileSync(path, JSON.stringify({ mcpServers: { ...mcpServers, [name]: entry } }));
}

/** The main script of a test dependency. */
export function scriptOf(name: string, path: string): string {
  return join(import.meta.dirname, '../node_modules', name, path);
}
