import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_24 } from '../demo/support.ts';

export interface ClientCall {
  /** The command of the server under the client. */
  readonly command: readonly string[];
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Timeout of the client's call, in ms. */
  readonly limitMs: number;
}

/** A client from npm: each call runs its program once or several times. */
export interface RealClient {
  readonly name: string;
  readonly node: string;
  /**
   * Arguments of `node`, one list per program; the last program calls the tool. Their input files are written to the
   * folder.
   */
  readonly programs: (call: ClientCall, folder: string) => readonly (readonly string[])[];
  /** The client's timeout: fixed at 60 s, set by the call, or extended by progress. */
  readonly limit: 'fixed' | 'set by the call' | 'extended by progress';
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const installed = (path: string): string => at(`./node_modules/${path}`);

/** A short program on a client library. */
function library(name: string, file: string, node: string): RealClient {
  const program = at(`./programs/${file}`);
  return { name, node, limit: 'set by the call', programs: (call) => [[program, JSON.stringify(call)]] };
}

/** A configuration in the shape that hosts share, with the server named `bridged`. */
function writeConfig({ command, limitMs }: ClientCall, folder: string): string {
  const [program, ...args] = command;
  const file = join(folder, 'mcp.json');
  const bridged = { command: program, args, requestTimeout: limitMs };
  writeFileSync(file, JSON.stringify({ mcpServers: { bridged } }));
  return file;
}

/** A script that runs the server: this Inspector version cuts a command at its own `--`. */
function writeScript({ command }: ClientCall, folder: string): string {
  const file = join(folder, 'bridged.sh');
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  writeFileSync(file, `exec ${words.join(' ')}\n`);
  return file;
}

const inspector015: RealClient = {
  name: 'Inspector 0.15 --cli',
  node: process.execPath,
  limit: 'fixed',
  programs(call, folder) {
    const pairs = Object.entries(call.args).flatMap(([name, value]) => ['--tool-arg', `${name}=${value}`]);
    const program = installed('inspector-0.15/cli/build/index.js');
    const words = ['--method', 'tools/call', '--tool-name', call.tool, ...pairs];
    return [[program, '/bin/sh', writeScript(call, folder), ...words]];
  },
};

const inspector212: RealClient = {
  name: 'Inspector 2.12 --cli',
  node: NODE_24,
  limit: 'extended by progress',
  programs(call, folder) {
    const program = installed('@modelcontextprotocol/inspector/clients/launcher/build/index.js');
    const server = ['--config', writeConfig(call, folder), '--server', 'bridged'];
    const words = ['--method', 'tools/call', '--tool-name', call.tool, '--tool-args-json', JSON.stringify(call.args)];
    return [[program, '--cli', ...server, ...words]];
  },
};

const mcporter: RealClient = {
  name: 'mcporter',
  node: NODE_24,
  limit: 'set by the call',
  programs(call, folder) {
    const { tool, args, limitMs } = call;
    const words = ['--args', JSON.stringify(args), '--timeout', String(limitMs), '--output', 'raw'];
    return [
      [installed('mcporter/dist/cli.js'), '--config', writeConfig(call, folder), 'call', `bridged.${tool}`, ...words],
    ];
  },
};

/** The session name under which mcpc keeps a server in a background process. */
export function mcpcSession(folder: string): string {
  return `@${relative(tmpdir(), folder).replace(/[^\w-]/g, '-')}`;
}

const mcpc: RealClient = {
  name: 'mcpc',
  node: process.execPath,
  limit: 'set by the call',
  programs(call, folder) {
    const program = installed('@apify/mcpc/bin/mcpc');
    const session = mcpcSession(folder);
    const limit = ['--timeout', String(Math.ceil(call.limitMs / 1_000))];
    return [
      [program, 'connect', `${writeConfig(call, folder)}:bridged`, session],
      [program, session, 'tools-call', call.tool, JSON.stringify(call.args), '--json', ...limit],
    ];
  },
};

export const REAL_CLIENTS: readonly RealClient[] = [
  library('SDK 1.x', 'sdk-v1.mjs', process.execPath),
  inspector015,
  inspector212,
  mcporter,
  mcpc,
  library('AI SDK', 'ai-sdk.mjs', NODE_24),
  library('LangChain', 'langchain.mjs', process.execPath),
];
