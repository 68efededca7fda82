import { monotonicNow } from '../clock.ts';
import type { Connection } from '../connect/connection.ts';
import type { Relay } from '../connect/relay-api.ts';
import { TaskError } from '../errors.ts';
import type { RecordPage } from '../store/task-store.ts';
import { systemClock } from '../worker/system-clock.ts';
import type { EventFilter, TaskClient, TaskClientOptions, TaskFilter, TaskUpdate } from './client-api.ts';
import { findRecord } from './find-record.ts';
import { createLazyHandle, type HandleSource } from './lazy-handle.ts';
import { listRecords } from './list-records.ts';
import type { StoredOptions } from './stored-options.ts';

type Create = (connection: Connection, options: StoredOptions) => TaskClient;

/** A client over the given connection, or over those that `connect` opens. */
export function clientOver(options: StoredOptions, create: Create): TaskClient {
  assertMethod(options.store, 'create', 'store');
  if (options.connection !== undefined) {
    assertMethod(options.connection, 'onNotification', 'connection');
    return create(options.connection, options);
  }
  if (options.connect !== undefined) return createConnectingClient(options.connect, options, create);
  throw new TypeError('createTaskClient needs a connection, or a function that connects');
}

/** @throws {TypeError} for an argument that only a program without types can pass */
function assertMethod(given: object, method: string, what: string): void {
  if (typeof Reflect.get(given, method) === 'function') return;
  const hint = given instanceof Promise ? ': a promise was given, await it' : ' of this library';
  throw new TypeError(`createTaskClient needs a ${what}${hint}`);
}

/**
 * A client that connects on demand, and reconnects when the connection has ended. Its handles, updates and events stay
 * valid: they belong to the relay, which outlives each connection.
 */
function createConnectingClient(
  connect: NonNullable<TaskClientOptions['connect']>,
  options: StoredOptions,
  create: Create,
): TaskClient {
  const { clock = systemClock } = options;
  let relay: Promise<Relay> | undefined;
  let client: TaskClient | undefined;
  let closed = false;
  let begin: (client: TaskClient | undefined) => void = () => undefined;
  const beginning = new Promise<TaskClient | undefined>((resolve) => {
    begin = resolve;
  });

  /** Loaded on first use: a host with its own connection does not need it. */
  async function load(): Promise<Relay> {
    const { createRelay } = await import('../connect/relay.ts');
    const made: Relay = createRelay({
      open: connect,
      identity: options.identity,
      monotonic: () => monotonicNow(clock),
      onState(state) {
        if (state.kind === 'open') begun(made); // before the callback, which may use the connection
        options.onConnection?.(state);
      },
    });
    return made;
  }

  const rethrowCause = (error: Error): never => {
    throw TaskError.is(error.cause) ? error.cause : new TaskError('unreachable', error.message, { cause: error });
  };

  /** The client, once the server is known. @throws {TaskError} the errors of `connect` */
  async function ready(): Promise<TaskClient> {
    const opened = await relayOf();
    return client ?? connected(opened);
  }

  /** The client with an open connection: if connecting fails, no call has run. @throws as `ready` */
  async function connected(to?: Relay): Promise<TaskClient> {
    const opened = to ?? (await relayOf());
    await opened.ready().catch(rethrowCause);
    return begun(opened);
  }

  function relayOf(): Promise<Relay> {
    if (closed) throw new TaskError('closed', 'This client was closed', { hint: 'Create a new one.' });
    relay ??= load();
    return relay;
  }

  function begun(opened: Relay): TaskClient {
    client ??= create(opened, options);
    begin(client);
    return client;
  }

  async function* events(filter?: EventFilter): AsyncIterableIterator<TaskUpdate> {
    const of = filter?.followOpen === true ? await Promise.race([beginning, ready()]) : await beginning;
    if (of !== undefined) yield* of.events(filter);
  }

  /** A given identity names the records: no connection is needed. */
  async function list(filter: TaskFilter = {}): Promise<RecordPage> {
    const { identity, store } = options;
    if (closed || client !== undefined || identity === undefined) return (await ready()).list(filter);
    return listRecords(store, { identity }, filter, () => undefined);
  }

  const source: HandleSource = {
    clock,
    read: (id) => findRecord(options.store, id),
    open: async ({ id }) => (await ready()).get(id).follow(),
  };

  return {
    get connection() {
      if (client !== undefined) return client.connection;
      throw new TaskError('closed', 'The server is not connected yet');
    },
    listTools: async (...args) => (await connected()).listTools(...args),
    start: async (...args) => (await connected()).start(...args),
    run: async (...args) => (await connected()).run(...args),
    get: (id) => createLazyHandle(id, source),
    list,
    events,
    listUnrecorded: async () => (await ready()).listUnrecorded(),
    adopt: async (...args) => (await ready()).adopt(...args),
    follow: async (...args) => (await ready()).follow(...args),
    async reconnect() {
      await (await relayOf()).reconnect().catch(rethrowCause);
    },
    async close() {
      closed = true;
      begin(undefined);
      await client?.close();
      await (await relay)?.close({ keepSession: true });
    },
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}
