import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Connection, JsonObject, JsonValue, Target } from '@mcp-tasks/client';
import { connect, identify } from '@mcp-tasks/client/connect';
import { SERVER, type WireKind } from './measurement.ts';
import { createScriptedTasks, type TaskPlan } from './scripted-tasks.ts';

/** The scripted server as each contender connects to it. */
export interface World {
  readonly ids: readonly string[];
  readonly target: Target;
  readonly fingerprint: string;
  /** Connects a client of ours. */
  connect(): Promise<Connection>;
  /** Sends one request without our client. */
  send(method: string, params: JsonObject): Promise<JsonValue>;
  seen(): Promise<{ readonly polls: number; readonly lateness: Float64Array }>;
  stop(): Promise<void>;
}

const CAPABILITIES = { tools: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } };
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': { extensions: { 'io.modelcontextprotocol/tasks': {} } },
};
const nothing = (): void => undefined;

export function openWorld(wire: WireKind, plan: TaskPlan): Promise<World> | World {
  return wire === 'HTTP' ? overHttp(plan) : inProcess(plan);
}

function inProcess(plan: TaskPlan): World {
  const tasks = createScriptedTasks(plan);
  const target: Target = { kind: 'host', name: 'bench' };
  const identity = { fingerprint: 'bench', label: 'bench', target };
  const negotiated = { revision: '2026-07-28', server: { name: 'bench', version: '1' }, capabilities: CAPABILITIES };
  const connection: Connection = {
    identity,
    negotiated,
    request: async (method, params) => tasks.result(method, params),
    onRequest: () => nothing,
    onNotification: () => nothing,
    onClosed: () => nothing,
    close: async () => undefined,
  };
  return {
    ids: tasks.ids,
    target,
    fingerprint: identity.fingerprint,
    connect: async () => connection,
    send: async (method, params) => tasks.result(method, params),
    seen: async () => tasks,
    stop: async () => undefined,
  };
}

async function overHttp(plan: TaskPlan): Promise<World> {
  const server = spawn(process.execPath, ['--no-warnings', SERVER, JSON.stringify(plan)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [chunk] = (await once(server.stdout, 'data')) as [Buffer];
  const url = chunk.toString().trim();
  const target: Target = { kind: 'url', url };
  let sent = 0;
  return {
    ids: createScriptedTasks(plan).ids,
    target,
    fingerprint: identify(target).fingerprint,
    connect: () => connect(target),
    async send(method, params) {
      sent += 1;
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': method,
          'mcp-name': String(params.name ?? params.taskId),
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: sent, method, params: { ...params, _meta: META } }),
      });
      return ((await response.json()) as { readonly result: JsonValue }).result;
    },
    async seen() {
      const { polls, lateness } = (await (await fetch(url)).json()) as { polls: number; lateness: readonly number[] };
      return { polls, lateness: Float64Array.from(lateness) };
    },
    async stop() {
      server.stdin.end();
      await once(server, 'exit');
    },
  };
}
