import { TaskError } from '../errors.ts';
import type { Failure } from '../task/failure.ts';
import type { JsonObject } from '../task/json.ts';
import { asFailure } from './as-failure.ts';
import { type Connection, ConnectionFailure, type IncomingRequest, type Negotiated } from './connection.ts';
import type { Relay, RelayOptions } from './relay-api.ts';
import { enterLine, type Line, toldOf } from './relay-state.ts';
import { createReopenPace } from './reopen-pace.ts';
import { createSessionTasks } from './session-tasks.ts';

const closedHere: Failure = { kind: 'aborted', message: 'the connection was closed' };
const noPush: Failure = { kind: 'rpc', code: null, message: 'this server does not tell of changes itself' };

/**
 * Opens a connection with the first request, and again after it ended; handlers and listeners stay. No request is sent
 * twice: requests in flight fail, and only the next request reopens.
 */
export function createRelay(options: RelayOptions): Relay {
  const { maxReopens = Number.POSITIVE_INFINITY } = options;
  const notified = new Set<(method: string, params: JsonObject) => void>();
  const closed = new Set<(failure: Failure) => void>();
  const pace = createReopenPace({
    now: options.monotonic,
    isProgram: options.identity?.target.kind === 'command',
  });
  const sessions = createSessionTasks();
  const reopened = new Set<() => void>();
  const lost = new Set<(failure: Failure) => void>();
  let handler: ((request: IncomingRequest) => Promise<JsonObject>) | undefined;
  let detach = (): void => undefined;
  let line: Line = { kind: 'idle' };
  let last: Connection | undefined;
  /** Handshake to resume the session with; undefined once the server has forgotten the session. */
  let agreed: Negotiated | undefined;
  let death: Failure | undefined;
  let reopens = 0;
  /** True after the first opening, or after a listener heard that it failed. */
  let isKnown = false;

  function enter(next: Line): void {
    line = enterLine(line, next);
    options.onState?.(toldOf(line));
  }

  function use(connection: Connection): void {
    const isAnew = isKnown;
    isKnown = true;
    last = connection;
    agreed = connection.negotiated;
    pace.opened();
    attach(connection);
    connection.onNotification((method, params) => {
      for (const listener of [...notified]) listener(method, params);
    });
    connection.onClosed((failure) => ended(connection, failure));
    enter({ kind: 'open', connection });
    if (isAnew) for (const listener of [...reopened]) listener();
  }

  function attach(connection: Connection): void {
    if (handler !== undefined) detach = connection.onRequest(handler);
  }

  function isOpen(connection: Connection): boolean {
    return line.kind === 'open' && line.connection === connection;
  }

  function ended(connection: Connection, failure: Failure): void {
    if (!isOpen(connection)) return;
    death = failure;
    pace.died();
    lose(failure);
  }

  /** Leaves the connection to the next request to reopen, until `maxReopens` is used up. */
  function lose(failure: Failure, error = new ConnectionFailure(failure)): void {
    if (reopens < maxReopens || death === undefined) {
      enter({ kind: 'lost', error, retryInMs: pace.waitMs() });
      isKnown ||= lost.size > 0;
      for (const listener of [...lost]) listener(failure);
      return;
    }
    enter({ kind: 'ended', failure });
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
      const failed = asFailure(error);
      pace.failed(failed.failure);
      if (line.kind === 'opening') lose(failed.failure, failed);
      throw failed;
    }
  }

  function connection(): Promise<Connection> | Connection {
    // A host's own client does not report its close.
    if (line.kind === 'open' && line.connection.ended !== undefined) ended(line.connection, line.connection.ended);
    switch (line.kind) {
      case 'open':
        return line.connection;
      case 'opening':
        return line.opened;
      case 'ended':
        throw new ConnectionFailure(line.failure);
      case 'idle':
      case 'lost': {
        if (pace.waitMs() > 0) throw new ConnectionFailure(pace.last());
        return openAnew();
      }
    }
  }

  function openAnew(): Promise<Connection> {
    if (death !== undefined) {
      reopens += 1;
      options.onReopen?.(death);
    }
    const opened = Promise.resolve().then(open);
    enter({ kind: 'opening', opened });
    return opened;
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
      // The tasks of this session are lost; the next request begins a new session.
      if (failure.kind === 'session-gone' && sessionId !== undefined) {
        sessions.lose(sessionId, params);
        agreed = undefined;
        if (isOpen(at)) lose(failure);
        quit(at);
      }
      const isGivenUp = requestOptions?.signal?.aborted === true || line.kind === 'ended';
      if (failure.kind !== 'aborted' || isGivenUp) throw error;
      // The connection closed below this request; the caller did not abort it.
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
    async reconnect() {
      pace.forgive();
      const before = line;
      if (before.kind !== 'open') return void (await connection());
      const opened = openAnew();
      quit(before.connection);
      await opened;
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
    onLost(listener) {
      lost.add(listener);
      return () => lost.delete(listener);
    },
    onReopened(listener) {
      reopened.add(listener);
      return () => reopened.delete(listener);
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
      enter({ kind: 'ended', failure: closedHere });
      if (before.kind === 'open') await before.connection.close(closeOptions);
      if (before.kind === 'opening') await before.opened.catch(() => undefined);
    },
  };
}

/** A protocol with a name has one dialect for all its revisions. */
function otherWords({ protocol, revision }: Negotiated, expected: Negotiated | undefined): string | undefined {
  if (expected === undefined || (protocol === expected.protocol && protocol !== undefined)) return undefined;
  if (protocol === expected.protocol && revision === expected.revision) return undefined;
  const words = (each: Negotiated): string =>
    `${each.protocol === undefined ? '' : `${each.protocol} `}${each.revision}`;
  return `it now speaks ${words({ protocol, revision } as Negotiated)}, no longer ${words(expected)}`;
}

/** @throws {ConnectionFailure} */
function leave(opened: Connection, failure: Failure): never {
  quit(opened);
  throw new ConnectionFailure(failure);
}

/** Closes the client's side; sessions and tasks at the server go on. */
function quit(connection: Connection): void {
  void connection.close({ keepSession: true }).catch(() => undefined);
}
