import {
  type Connection,
  createTaskClient,
  type Failure,
  type JsonObject,
  type JsonValue,
  type TaskRecord,
} from '@mcp-tasks/client';
import '@mcp-tasks/client/connect'; // what is loaded with the first connection takes no time in a test
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { createFakeClock, createScriptedConnection, fail } from '@mcp-tasks/client/testing';
import { task } from '../state/play.ts';
import { createServerConnection } from './server-connection.ts';
import type { ServerConnectionOptions } from './server-connection-api.ts';

export interface PlayedServer {
  /** What the n-th connection, from 1, answers; throws what it refuses. */
  readonly answer?: (method: string, params: JsonObject, nth: number) => JsonValue | Promise<JsonValue>;
  /** Keeps the n-th attempt, from 1, from connecting: throws. */
  readonly connect?: (nth: number) => void | Promise<void>;
  readonly revision?: string;
  readonly signedInAt?: () => number | undefined;
}

export const CAPABILITIES = {
  extensions: { 'io.modelcontextprotocol/tasks': {} },
  tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
};
export const WORKING = { taskId: 't1', status: 'working', pollIntervalMs: 1_000 };

/** One server of the view over a real task client and a fake clock; the server itself is scripted. */
export function playServer(server: PlayedServer = {}) {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const deaths: ((failure: Failure) => void)[] = [];
  const attempts: number[] = [];
  const asked: { readonly nth: number; readonly method: string }[] = [];
  const told = {
    states: [] as string[],
    notices: [] as string[],
    others: [] as (readonly TaskRecord[])[],
    lost: [] as string[],
  };
  const { revision = '2026-07-28' } = server;
  const start = clock.now();
  const { identity } = createScriptedConnection({ revision }, () => ({}));

  async function connect(): Promise<Connection> {
    attempts.push(clock.now() - start);
    await server.connect?.(attempts.length);
    const nth = deaths.length + 1;
    const onClosed: Connection['onClosed'] = (listener) => {
      deaths.push(listener);
      return () => undefined;
    };
    const scripted = createScriptedConnection({ revision, capabilities: CAPABILITIES }, ({ method, params }) => {
      asked.push({ nth, method });
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
    onState: ({ state }) => told.states.push(state),
    onOthers: (records) => told.others.push(records),
    onNotice: (text) => told.notices.push(text),
    onLost: (id) => told.lost.push(id),
    signedInAt: server.signedInAt ?? (() => undefined),
  };
  return {
    clock,
    start,
    store,
    /** Lets what is read, loaded and connected come to rest; no time passes. */
    async settle(): Promise<void> {
      for (let turn = 0; turn < 10; turn += 1) await clock.settle();
    },
    told,
    options,
    connection: createServerConnection(options),
    /** When it was connected to, in ms from the beginning. */
    attempts: () => attempts,
    /** How often the n-th connection was asked so; without n, all of them. */
    count: (method: string, nth?: number) =>
      asked.filter((each) => each.method === method && (nth === undefined || each.nth === nth)).length,
    /** A task of it on record. */
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
    die: (message = 'it died') => deaths.at(-1)?.({ kind: 'transport', message }),
  };
}

/** Waits until it is so; no time passes. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  { settle }: Pick<ReturnType<typeof playServer>, 'settle'>,
): Promise<void> {
  for (let turn = 0; turn < 500; turn += 1) {
    if (await isSo()) return;
    await settle();
  }
  throw new Error(`It did not come to be so: ${isSo}`);
}
