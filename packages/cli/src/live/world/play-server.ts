import {
  type Connection,
  createTaskClient,
  type Failure,
  type JsonObject,
  type JsonValue,
  type TaskRecord,
} from '@mcp-tasks/client';
import '@mcp-tasks/client/connect'; // preload modules of the first connection, so that tests do not wait
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { createFakeClock, createScriptedConnection, fail } from '@mcp-tasks/client/testing';
import { task } from '../state/play.ts';
import { createServerConnection } from './server-connection.ts';
import type { ServerConnectionOptions } from './server-connection-api.ts';

export interface PlayedServer {
  /** Reply of the n-th connection, counted from 1; throws an error reply. */
  readonly answer?: (method: string, params: JsonObject, nth: number) => JsonValue | Promise<JsonValue>;
  /** Throws to fail the n-th connection attempt, counted from 1. */
  readonly connect?: (nth: number) => void | Promise<void>;
  /** Revision of the n-th connection, counted from 1. */
  readonly revision?: string | ((nth: number) => string);
  readonly signedInAt?: () => number | undefined;
}

export const CAPABILITIES = {
  extensions: { 'io.modelcontextprotocol/tasks': {} },
  tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
};
export const WORKING = { taskId: 't1', status: 'working', pollIntervalMs: 1_000 };

/** A scripted server of the view, over a real task client and a fake clock. */
export function playServer(server: PlayedServer = {}) {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const closeListeners: ((failure: Failure) => void)[] = [];
  const attempts: number[] = [];
  const requests: { readonly nth: number; readonly method: string }[] = [];
  const reported = {
    states: [] as string[],
    notices: [] as string[],
    others: [] as (readonly TaskRecord[])[],
    lost: [] as string[],
  };
  const { revision: given = '2026-07-28' } = server;
  const revisionOf = (nth: number): string => (typeof given === 'string' ? given : given(nth));
  const revision = revisionOf(1);
  const start = clock.now();
  const { identity } = createScriptedConnection({ revision }, () => ({}));

  async function connect(): Promise<Connection> {
    attempts.push(clock.now() - start);
    await server.connect?.(attempts.length);
    const nth = closeListeners.length + 1;
    const onClosed: Connection['onClosed'] = (listener) => {
      closeListeners.push(listener);
      return () => undefined;
    };
    const negotiated = { revision: revisionOf(nth), capabilities: CAPABILITIES };
    const scripted = createScriptedConnection(negotiated, ({ method, params }) => {
      requests.push({ nth, method });
      if (server.answer !== undefined) return server.answer(method, params, nth);
      return method === 'tools/list' ? { tools: [] } : fail({ kind: 'rpc', code: -32601, message: 'No such method' });
    });
    return { ...scripted, onClosed };
  }

  const options: ServerConnectionOptions = {
    identity,
    clock,
    open: async (onConnection) => createTaskClient({ connect, onConnection, identity, store, clock }),
    openSession: () => Promise.reject(new Error('no task of it lives in a session')),
    onState: ({ state }) => reported.states.push(state),
    onOthers: (records) => reported.others.push(records),
    onNotice: (text) => reported.notices.push(text),
    onLost: (id) => reported.lost.push(id),
    signedInAt: server.signedInAt ?? (() => undefined),
  };
  return {
    clock,
    start,
    store,
    /** Waits for pending reads, imports and connections; no time passes. */
    async settle(): Promise<void> {
      for (let turn = 0; turn < 10; turn += 1) await clock.settle();
    },
    reported,
    options,
    connection: createServerConnection(options),
    /** Times of the connection attempts, in ms from the start. */
    attempts: () => attempts,
    /** Number of requests with this method on the n-th connection; without n, on all. */
    count: (method: string, nth?: number) =>
      requests.filter((each) => each.method === method && (nth === undefined || each.nth === nth)).length,
    /** Saves a record of one of its tasks. */
    async record(changes: Partial<TaskRecord> = {}): Promise<TaskRecord> {
      const { now } = clock;
      const at = { createdAt: now(), updatedAt: now(), observedAt: now(), lastUpdatedAt: now() };
      const made = {
        ...task('a1'),
        taskId: 't1',
        revision,
        server: identity,
        nextPollAt: undefined,
        ...at,
        ...changes,
      };
      await store.create(made);
      return made;
    },
    die: (message = 'it died') => closeListeners.at(-1)?.({ kind: 'transport', message }),
  };
}

/** Modules that load on first use are slow on a busy machine. */
const TIMEOUT_MS = 15_000;

/** Waits until the condition holds; no time passes on the fake clock. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { settle }: Pick<ReturnType<typeof playServer>, 'settle'>,
): Promise<void> {
  for (const start = performance.now(); performance.now() - start < TIMEOUT_MS; ) {
    if (await condition()) return;
    await settle();
  }
  throw new Error(`Timed out waiting for: ${condition}`);
}
