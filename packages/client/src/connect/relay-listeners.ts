import type { Failure } from '../task/failure.ts';
import type { Connection } from './connection.ts';
import type { SupervisorEvents } from './connection-supervisor.ts';

type RequestHandler = Parameters<Connection['onRequest']>[0];
type NotificationListener = Parameters<Connection['onNotification']>[0];

/** The request handler and the listeners of a relay; they survive a reconnect. */
export class RelayListeners implements SupervisorEvents {
  readonly #notified = new Set<NotificationListener>();
  readonly #closed = new Set<(failure: Failure) => void>();
  readonly #lost = new Set<(failure: Failure) => void>();
  readonly #reopened = new Set<() => void>();
  #handler: RequestHandler | undefined;
  #detach = (): void => undefined;

  attach(connection: Connection): void {
    this.#attachHandler(connection);
    connection.onNotification((method, params) => {
      for (const listener of [...this.#notified]) listener(method, params);
    });
  }

  reopened(): void {
    for (const listener of [...this.#reopened]) listener();
  }

  lost(failure: Failure): boolean {
    const listeners = [...this.#lost];
    for (const listener of listeners) listener(failure);
    return listeners.length > 0;
  }

  ended(failure: Failure): void {
    for (const listener of [...this.#closed]) listener(failure);
  }

  /** Sets the handler, also on the connection that is open now. */
  onRequest(handler: RequestHandler, open: Connection | undefined): () => void {
    this.#handler = handler;
    if (open !== undefined) this.#attachHandler(open);
    return () => {
      if (this.#handler !== handler) return;
      this.#handler = undefined;
      this.#detach();
    };
  }

  onNotification(listener: NotificationListener): () => void {
    return addListener(this.#notified, listener);
  }

  onClosed(listener: (failure: Failure) => void): () => void {
    return addListener(this.#closed, listener);
  }

  onLost(listener: (failure: Failure) => void): () => void {
    return addListener(this.#lost, listener);
  }

  onReopened(listener: () => void): () => void {
    return addListener(this.#reopened, listener);
  }

  #attachHandler(connection: Connection): void {
    if (this.#handler !== undefined) this.#detach = connection.onRequest(this.#handler);
  }
}

/** Adds a listener; returns its remover. */
function addListener<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
