import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, type ClientOptions } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { BIN, freshHome, type Running, start } from '../commands/support.ts';

export * from '../commands/support.ts';

export interface BridgedHost {
  readonly client: Client;
  readonly pid: number;
  call(
    name: string,
    args?: Record<string, unknown>,
    options?: { signal?: AbortSignal; timeout?: number },
  ): Promise<CallToolResult>;
  close(): Promise<void>;
}

/** A records folder and a bridged stdio demo, whose store counts the calls it received. */
export interface Bridged {
  readonly home: string;
  readonly demoStore: string;
  readonly target: readonly string[];
  /** Where the host runs. @default where the tests run */
  readonly cwd?: string;
}

export function bridgeHome(): string {
  return freshHome('mcp-tasks-bridge-');
}

export function bridgedDemo(speed = '0.2'): Bridged {
  const home = bridgeHome();
  const demoStore = join(home, 'demo');
  const target = ['--', process.execPath, BIN, 'demo', '--stdio', '--store', demoStore, '--speed', speed];
  return { home, demoStore, target };
}

/** The state folder of its bridge. */
export function stateOf({ home }: Pick<Bridged, 'home'>): string {
  return join(home, 'state');
}

/** A host on the SDK's client; it uses tasks only when requested. */
export async function startHost(
  { home, target, cwd }: Omit<Bridged, 'demoStore'> & Partial<Bridged>,
  flags: readonly string[] = [],
  options: ClientOptions = {},
): Promise<BridgedHost> {
  const client = new Client({ name: 'some-host', version: '1' }, options);
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [BIN, 'bridge', '--home', stateOf({ home }), ...flags, ...target],
    env: { PATH: process.env.PATH ?? '', HOME: home, LANG: 'C.UTF-8' },
    stderr: 'inherit',
    ...(cwd === undefined ? {} : { cwd }),
  });
  await client.connect(transport);
  return {
    client,
    pid: transport.pid ?? 0,
    call: async (name, args = {}, callOptions = {}) =>
      (await client.callTool({ name, arguments: args }, undefined, callOptions)) as CallToolResult,
    close: () => client.close(),
  };
}

export function textOf(result: CallToolResult): string {
  return result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
}

/** The task id in a NOT FINISHED reply. */
export function idIn(result: CallToolResult): string {
  const id = /\{"id":"(\w+)"\}/.exec(textOf(result))?.[1];
  if (id === undefined) throw new Error(`No task id in ${textOf(result)}`);
  return id;
}

/** A bridge that serves over HTTP. */
export interface HttpBridge {
  readonly url: string;
  readonly token: string;
  readonly running: Running;
  /** Stops it with SIGINT. */
  stop(): Promise<void>;
}

export async function startHttpBridge(bridged: Bridged, flags: readonly string[] = []): Promise<HttpBridge> {
  const running = start(['bridge', '--http', '0', ...flags, ...bridged.target], bridged);
  await running.waitFor(/token/i);
  const folder = join(bridged.home, 'state', 'bridge');
  const file = readdirSync(folder).find((name) => name.endsWith('.http-token')) ?? '';
  return {
    url: running.output.stdout.trim(),
    token: readFileSync(join(folder, file), 'utf8'),
    running,
    async stop() {
      running.process.kill('SIGINT');
      await running.done;
    },
  };
}

/** A host on the SDK's own client, over HTTP. */
export async function connectHost({ url, token }: HttpBridge, options: ClientOptions = {}): Promise<Client> {
  const client = new Client({ name: 'some-host', version: '1' }, options);
  const requestInit = { headers: { Authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }) as Transport);
  return client;
}
