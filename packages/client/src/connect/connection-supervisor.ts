import { TaskError } from '../errors.ts';
import type { Failure } from '../task/failure.ts';
import { asFailure } from './as-failure.ts';
import { type Connection, ConnectionFailure, type Negotiated } from './connection.ts';
import type { RelayOptions } from './relay-api.ts';
import { enterState, publicStateOf, type SupervisorState } from './relay-state.ts';
import { createReopenBackOff, type ReopenBackOff } from './reopen-back-off.ts';
import { closeKeepingSession, revisionProblem } from './replaced-connection.ts';
import { RevisionCheck } from './revision-check.ts';

const CLOSED_HERE: Failure = { kind: 'aborted', message: 'the connection was closed' };

/** Callbacks of the supervisor to its relay. */
export interface SupervisorEvents {
  /** A connection has opened: attach the handlers and listeners to it. */
  attach(connection: Connection): void;
  /** A connection opened again: an earlier one was open, or its failure was reported to a listener. */
  reopened(): void;
  /** A connection was lost, or could not be opened. Returns true if a listener was notified. */
  lost(failure: Failure): boolean;
  /** The connection has ended more often than `maxReopens` allows. */
  ended(failure: Failure): void;
}

/** Opens the connection of a relay on demand, and reopens it after it has ended. */
export class ConnectionSupervisor {
  readonly #options: RelayOptions;
  readonly #events: SupervisorEvents;
  readonly #backOff: ReopenBackOff;
  readonly #revision: RevisionCheck;
  #state: SupervisorState = { kind: 'idle' };
  #last: Connection | undefined;
  /** Handshake to resume the session with; undefined once the server no longer has the session. */
  #handshake: Negotiated | undefined;
  #lastEnd: Failure | undefined;
  #reopens = 0;
  /** True once a connection was open, or its failure was reported: the next opening is a reopen. */
  #isReopen = false;

  constructor(options: RelayOptions, events: SupervisorEvents) {
    this.#options = options;
    this.#events = events;
    this.#backOff = createReopenBackOff({
      now: options.monotonic,
      isProgram: options.identity?.target.kind === 'command',
    });
    this.#revision = new RevisionCheck({ now: options.monotonic, open: () => this.#openSame(undefined) });
  }

  /** The connection that was open last. */
  get last(): Connection | undefined {
    return this.#last;
  }

  /** The connection that is open now. */
  get open(): Connection | undefined {
    return this.#state.kind === 'open' ? this.#state.connection : undefined;
  }

  get ended(): Failure | undefined {
    return this.#state.kind === 'ended' ? this.#state.failure : undefined;
  }

  /** The open connection, opened now if there is none. @throws {ConnectionFailure} */
  connection(): Promise<Connection> | Connection {
    const state = this.#state;
    // A host's own client does not report its close.
    if (state.kind === 'open' && state.connection.ended !== undefined) {
      this.#recordEnd(state.connection, state.connection.ended);
      return this.connection();
    }
    switch (state.kind) {
      case 'open':
        return state.connection;
      case 'opening':
        return state.opened;
      case 'ended':
        throw new ConnectionFailure(state.failure);
      case 'idle':
      case 'lost': {
        const cause = state.kind === 'lost' ? state.error.cause : undefined;
        if (this.#backOff.waitMs() > 0) throw new ConnectionFailure(this.#backOff.last(), cause);
        return this.#startOpening();
      }
    }
  }

  /** See `Relay.reconnect`. */
  async reconnect(): Promise<void> {
    this.#backOff.clear();
    const before = this.open;
    if (before === undefined) return void (await this.connection());
    const opened = this.#startOpening();
    closeKeepingSession(before);
    await opened;
  }

  /** Uses a connection that is already open. */
  use(connection: Connection): void {
    const isReopen = this.#isReopen;
    this.#isReopen = true;
    this.#last = connection;
    this.#handshake = connection.negotiated;
    this.#backOff.opened();
    this.#events.attach(connection);
    connection.onClosed((failure) => this.#recordEnd(connection, failure));
    this.#enter({ kind: 'open', connection });
    if (isReopen) this.#events.reopened();
  }

  /** The server has forgotten the session of this connection: the next request begins another one. */
  leaveSession(connection: Connection, failure: Failure, error?: ConnectionFailure): void {
    this.#handshake = undefined;
    if (this.open === connection) this.#lose(failure, error);
    closeKeepingSession(connection);
  }

  /**
   * After a refusal that a server of another revision sends, too: resolves to the failure of a server that changed,
   * whose connection is left. Only HTTP servers are checked: the connection of a program ends with it.
   */
  async checkRevision(connection: Connection): Promise<ConnectionFailure | undefined> {
    const isHttp = connection.identity.target.kind === 'url';
    if (!isHttp || this.open !== connection || this.#options.anyRevision === true) return undefined;
    const changed = await this.#revision.changed();
    if (changed === undefined || this.open !== connection) return changed;
    this.#backOff.failed(changed.failure);
    this.leaveSession(connection, changed.failure, changed);
    return changed;
  }

  async close(options?: { readonly keepSession?: boolean }): Promise<void> {
    const before = this.#state;
    this.#enter({ kind: 'ended', failure: CLOSED_HERE });
    if (before.kind === 'open') await before.connection.close(options);
    if (before.kind === 'opening') await before.opened.catch(() => undefined);
  }

  #enter(next: SupervisorState): void {
    this.#state = enterState(this.#state, next);
    this.#options.onState?.(publicStateOf(this.#state));
  }

  #recordEnd(connection: Connection, failure: Failure): void {
    if (this.open !== connection) return;
    this.#lastEnd = failure;
    this.#backOff.died();
    this.#lose(failure);
  }

  /** The next request reopens the connection, until `maxReopens` is used up. */
  #lose(failure: Failure, error = new ConnectionFailure(failure)): void {
    const { maxReopens = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#reopens < maxReopens || this.#lastEnd === undefined) {
      this.#enter({ kind: 'lost', error, retryInMs: this.#backOff.waitMs() });
      if (this.#events.lost(failure)) this.#isReopen = true;
      return;
    }
    this.#enter({ kind: 'ended', failure });
    this.#events.ended(failure);
  }

  #startOpening(): Promise<Connection> {
    if (this.#lastEnd !== undefined) {
      this.#reopens += 1;
      this.#options.onReopen?.(this.#lastEnd);
    }
    const opened = Promise.resolve().then(() => this.#attempt());
    this.#enter({ kind: 'opening', opened });
    return opened;
  }

  async #attempt(): Promise<Connection> {
    try {
      const opened = await this.#openSame(this.#handshake);
      this.use(opened);
      return opened;
    } catch (error) {
      const failed = asFailure(error);
      this.#backOff.failed(failed.failure);
      if (this.#state.kind === 'opening') this.#lose(failed.failure, failed);
      throw failed;
    }
  }

  async #openSame(handshake: Negotiated | undefined): Promise<Connection> {
    const opened = await this.#options.open(handshake);
    const refusal = this.#refusalOf(opened);
    if (refusal === undefined) return opened;
    closeKeepingSession(opened);
    throw refusal;
  }

  /** Refuses a server that speaks another revision than its tasks, with the `TaskError` for the caller as the cause. */
  #refusalOf({ negotiated, identity }: Connection): ConnectionFailure | undefined {
    if (this.ended !== undefined) return new ConnectionFailure(this.ended);
    if (this.#options.anyRevision === true) return undefined;
    const problem = revisionProblem(negotiated, this.#options.expected ?? this.#last?.negotiated);
    if (problem === undefined) return undefined;
    const { label } = this.#options.identity ?? identity;
    const cause = new TaskError('server-changed', `${label} ${problem}`, {
      hint: 'Make another task client for new calls; the records of its tasks are kept as they are.',
    });
    return new ConnectionFailure({ kind: 'invalid', message: `it ${problem}` }, cause);
  }
}
