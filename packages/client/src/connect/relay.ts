import { TaskError } from '../errors.ts';
import type { Failure } from '../task/failure.ts';
import type { JsonObject, JsonValue } from '../task/json.ts';
import type { ServerIdentity } from '../task/record.ts';
import { asFailure } from './as-failure.ts';
import { type Connection, ConnectionFailure, type Dialect, type Negotiated, type Subscription } from './connection.ts';
import { ConnectionSupervisor } from './connection-supervisor.ts';
import type { Relay, RelayOptions } from './relay-api.ts';
import { RelayListeners } from './relay-listeners.ts';
import { mayRefuseRevision } from './revision-check.ts';
import { createSessionTasks, type SessionTasks } from './session-tasks.ts';

const NO_PUSH: Failure = { kind: 'rpc', code: null, message: 'this server sends no change notifications' };

/**
 * Opens a connection with the first request, and again after it ended; handlers and listeners stay. No request is sent
 * twice: requests in flight fail, and only the next request reopens.
 */
export function createRelay(options: RelayOptions): Relay {
  return new RelayedConnection(options);
}

class RelayedConnection implements Relay {
  readonly #options: RelayOptions;
  readonly #listeners = new RelayListeners();
  readonly #supervisor: ConnectionSupervisor;
  readonly #sessions: SessionTasks = createSessionTasks();

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#supervisor = new ConnectionSupervisor(options, this.#listeners);
    if (options.first !== undefined) this.#supervisor.use(options.first);
  }

  get identity(): ServerIdentity {
    return this.#options.identity ?? this.#known().identity;
  }
  get negotiated(): Negotiated {
    return this.#supervisor.last?.negotiated ?? this.#options.expected ?? this.#known().negotiated;
  }
  get dialect(): Dialect | undefined {
    return this.#supervisor.last?.dialect ?? this.#options.dialect;
  }
  get ended(): Failure | undefined {
    return this.#supervisor.ended;
  }
  get askHost(): Connection['askHost'] {
    const { last } = this.#supervisor;
    return last?.askHost?.bind(last);
  }

  async ready(): Promise<void> {
    await this.#supervisor.connection();
  }

  reconnect(): Promise<void> {
    return this.#supervisor.reconnect();
  }

  async request(...[method, params, options]: Parameters<Connection['request']>): Promise<JsonValue> {
    this.#sessions.refuseLost(params);
    const at = await this.#supervisor.connection();
    const { sessionId } = at.negotiated;
    try {
      const result = await at.request(method, params, options);
      return sessionId === undefined ? result : this.#sessions.note(sessionId, params, result);
    } catch (error) {
      const { failure } = asFailure(error);
      if (failure.kind === 'session-gone') this.#loseSession(at, params, failure);
      const changed = mayRefuseRevision(failure) ? await this.#supervisor.checkRevision(at) : undefined;
      // A refused call has not run: its own failure says more.
      if (changed !== undefined && method !== 'tools/call') throw changed;
      const isGivenUp = options?.signal?.aborted === true || this.ended !== undefined;
      if (failure.kind !== 'aborted' || isGivenUp) throw error;
      // The connection closed below this request; the caller did not abort it.
      throw new ConnectionFailure({ kind: 'transport', message: failure.message }, error);
    }
  }

  onRequest(handler: Parameters<Connection['onRequest']>[0]): () => void {
    return this.#listeners.onRequest(handler, this.#supervisor.open);
  }

  onNotification(listener: (method: string, params: JsonObject) => void): () => void {
    return this.#listeners.onNotification(listener);
  }

  onClosed(listener: (failure: Failure) => void): () => void {
    return this.#listeners.onClosed(listener);
  }

  onLost(listener: (failure: Failure) => void): () => void {
    return this.#listeners.onLost(listener);
  }

  onReopened(listener: () => void): () => void {
    return this.#listeners.onReopened(listener);
  }

  async subscribe(taskIds: readonly string[], signal: AbortSignal): Promise<Subscription> {
    const at = await this.#supervisor.connection();
    if (at.subscribe === undefined) throw new ConnectionFailure(NO_PUSH);
    return at.subscribe(taskIds, signal);
  }

  close(options?: { readonly keepSession?: boolean }): Promise<void> {
    return this.#supervisor.close(options);
  }

  #known(): Connection {
    const { last } = this.#supervisor;
    if (last !== undefined) return last;
    throw new TaskError('closed', 'The server is not connected yet');
  }

  /** The tasks of this session are lost; the next request begins a new session. */
  #loseSession(at: Connection, params: JsonObject, failure: Failure): void {
    const { sessionId } = at.negotiated;
    if (sessionId === undefined) return;
    this.#sessions.lose(sessionId, params);
    this.#supervisor.leaveSession(at, failure);
  }
}
