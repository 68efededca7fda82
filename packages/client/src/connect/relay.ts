import { TaskError } from '../errors.ts';
import type { Failure } from '../task/failure.ts';
import type { JsonObject } from '../task/json.ts';
import type { ServerIdentity } from '../task/record.ts';
import { asFailure } from './as-failure.ts';
import {
  type Connection,
  ConnectionFailure,
  type Dialect,
  type IncomingRequest,
  type Negotiated,
} from './connection.ts';
import { createReopenPace } from './reopen-pace.ts';
import { createSessionTasks } from './session-tasks.ts';

/** How a relay reaches its server. */
export interface RelayOptions {
  /**
   * Opens a connection: for the first request, and for the next one after a connection has ended. It is told what the
   * connection before agreed on.
   */
  readonly open: (last: Negotiated | undefined) => Promise<Connection>;
  /** A connection that is open already. @default opened by the first request */
  readonly first?: Connection | undefined;
  /** Who the server is. @default as the first connection says */
  readonly identity?: ServerIdentity | undefined;
  /** What has to be agreed on: a server that speaks another revision is left. @default what the first connection agrees on */
  readonly expected?: Negotiated | undefined;
  /** Follow the server to whatever revision it speaks later: what is asked of it is the same in all. @default false */
  readonly anyRevision?: boolean | undefined;
  /** What its tasks speak, before a connection is open. @default as the first connection says */
  readonly dialect?: Dialect | undefined;
  /** How often a connection that ended by itself is opened anew. @default no limit, ever more slowly */
  readonly maxReopens?: number | undefined;
  /** Told before a connection is opened anew, with what ended the last one. */
  readonly onReopen?: ((failure: Failure) => void) | undefined;
}

/** One connection to a server for as long as it is wanted, over as many real ones as that takes. */
export interface Relay extends Connection {
  /** Opens the connection, where none is open. @throws {ConnectionFailure} */
  ready(): Promise<void>;
}

type Line =
  | { readonly kind: 'idle' }
  | { readonly kind: 'opening'; readonly opened: Promise<Connection> }
  | { readonly kind: 'open'; readonly connection: Connection }
  | { readonly kind: 'ended'; readonly failure: Failure };

const closedHere: Failure = { kind: 'aborted', message: 'the connection was closed' };
const noPush: Failure = { kind: 'rpc', code: null, message: 'this server does not tell of changes itself' };

/**
 * Opens when something is asked, and again when the connection has ended: handlers and listeners go on. Nothing is sent
 * twice: what was under way fails, and only the next request opens again.
 */
export function createRelay(options: RelayOptions): Relay {
  const { maxReopens = Number.POSITIVE_INFINITY } = options;
  const notified = new Set<(method: string, params: JsonObject) => void>();
  const closed = new Set<(failure: Failure) => void>();
  const pace = createReopenPace();
  const sessions = createSessionTasks();
  let handler: ((request: IncomingRequest) => Promise<JsonObject>) | undefined;
  let detach = (): void => undefined;
  let line: Line = { kind: 'idle' };
  let last: Connection | undefined;
  /** The session to go on in; none once the server has forgotten it. */
  let agreed: Negotiated | undefined;
  let death: Failure | undefined;
  let reopens = 0;

  function use(connection: Connection): void {
    line = { kind: 'open', connection };
    last = connection;
    agreed = connection.negotiated;
    pace.opened();
    attach(connection);
    connection.onNotification((method, params) => {
      for (const listener of [...notified]) listener(method, params);
    });
    connection.onClosed((failure) => ended(connection, failure));
  }

  function attach(connection: Connection): void {
    if (handler !== undefined) detach = connection.onRequest(handler);
  }

  function ended(connection: Connection, failure: Failure): void {
    if (line.kind !== 'open' || line.connection !== connection) return;
    death = failure;
    pace.died();
    if (reopens < maxReopens) line = { kind: 'idle' };
    else end(failure);
  }

  function end(failure: Failure): void {
    line = { kind: 'ended', failure };
    for (const listener of [...closed]) listener(failure);
  }

  async function open(): Promise<Connection> {
    try {
      const opened = await options.open(agreed);
      const expected = options.expected ?? last?.negotiated;
      if (line.kind === 'ended') return leave(opened, line.failure);
      const message = options.anyRevision === true ? undefined : otherWords(opened.negotiated, expected);
      if (message !== undefined) return leave(opened, { kind: 'invalid', message });
      use(opened);
      return opened;
    } catch (error) {
      const { failure } = asFailure(error);
      pace.failed(failure);
      if (line.kind === 'opening') {
        if (reopens < maxReopens || death === undefined) line = { kind: 'idle' };
        else end(failure);
      }
      throw asFailure(error);
    }
  }

  function connection(): Promise<Connection> | Connection {
    // Closed by its host: it does not say so by itself.
    if (line.kind === 'open' && line.connection.ended !== undefined) ended(line.connection, line.connection.ended);
    switch (line.kind) {
      case 'open':
        return line.connection;
      case 'opening':
        return line.opened;
      case 'ended':
        throw new ConnectionFailure(line.failure);
      case 'idle': {
        const held = pace.held();
        if (held !== undefined) throw new ConnectionFailure(held);
        if (death !== undefined) {
          reopens += 1;
          options.onReopen?.(death);
        }
        const opened = Promise.resolve().then(open);
        line = { kind: 'opening', opened };
        return opened;
      }
    }
  }

  const known = (): Connection => {
    if (last !== undefined) return last;
    throw new TaskError('closed', 'Nothing is known of this server before it is connected');
  };

  const request: Connection['request'] = async (method, params, requestOptions) => {
    sessions.refuseLost(params);
    const at = await connection();
    const { sessionId } = at.negotiated;
    try {
      const result = await at.request(method, params, requestOptions);
      return sessionId === undefined ? result : sessions.note(sessionId, params, result);
    } catch (error) {
      const { failure } = asFailure(error);
      // The tasks of this session are lost. What else is asked begins another one.
      if (failure.kind === 'session-gone' && sessionId !== undefined) {
        sessions.lose(sessionId, params);
        agreed = undefined;
        if (line.kind === 'open' && line.connection === at) line = { kind: 'idle' };
        void at.close({ keepSession: true }).catch(() => undefined);
      }
      const isGivenUp = requestOptions?.signal?.aborted === true || line.kind === 'ended';
      if (failure.kind !== 'aborted' || isGivenUp) throw error;
      // The connection was closed below us, which nobody who waits here has asked for.
      throw new ConnectionFailure({ kind: 'transport', message: failure.message }, error);
    }
  };

  if (options.first !== undefined) use(options.first);
  return {
    get identity() {
      return options.identity ?? known().identity;
    },
    get negotiated() {
      return last?.negotiated ?? options.expected ?? known().negotiated;
    },
    get dialect() {
      return last?.dialect ?? options.dialect;
    },
    get ended() {
      return line.kind === 'ended' ? line.failure : undefined;
    },
    async ready() {
      await connection();
    },
    request,
    onRequest(next) {
      handler = next;
      if (line.kind === 'open') attach(line.connection);
      return () => {
        if (handler !== next) return;
        handler = undefined;
        detach();
      };
    },
    onNotification(listener) {
      notified.add(listener);
      return () => notified.delete(listener);
    },
    onClosed(listener) {
      closed.add(listener);
      return () => closed.delete(listener);
    },
    async subscribe(taskIds, signal) {
      const at = await connection();
      if (at.subscribe === undefined) throw new ConnectionFailure(noPush);
      return at.subscribe(taskIds, signal);
    },
    get askHost() {
      return last?.askHost?.bind(last);
    },
    async close(closeOptions) {
      const before = line;
      line = { kind: 'ended', failure: closedHere };
      if (before.kind === 'open') await before.connection.close(closeOptions);
      if (before.kind === 'opening') await before.opened.catch(() => undefined);
    },
  };
}

/** A protocol that is named has one dialect for all its revisions. */
function otherWords({ protocol, revision }: Negotiated, expected: Negotiated | undefined): string | undefined {
  if (expected === undefined || (protocol === expected.protocol && protocol !== undefined)) return undefined;
  if (protocol === expected.protocol && revision === expected.revision) return undefined;
  const words = (each: Negotiated): string =>
    `${each.protocol === undefined ? '' : `${each.protocol} `}${each.revision}`;
  return `it now speaks ${words({ protocol, revision } as Negotiated)}, no longer ${words(expected)}`;
}

/** @throws {ConnectionFailure} */
function leave(opened: Connection, failure: Failure): never {
  void opened.close({ keepSession: true }).catch(() => undefined);
  throw new ConnectionFailure(failure);
}
