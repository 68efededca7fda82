import { Listeners } from './listeners.ts';

const NONE: readonly AbortController[] = [];

/** An `AbortController` that costs nothing until its signal is read. */
export class LazyAbort {
  #controller: AbortController | undefined;
  readonly #listeners = new Listeners();
  /** One controller for each request in flight: a shared signal would keep the listeners of ended requests. */
  #lent: readonly AbortController[] = NONE;
  isAborted = false;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.isAborted) this.#controller.abort(reason());
    return this.#controller.signal;
  }

  /** A controller for one request, given back with `reclaim`. */
  lend(): AbortController {
    const controller = new AbortController();
    if (this.isAborted) controller.abort(reason());
    this.#lent = this.#lent.length === 0 ? [controller] : [...this.#lent, controller];
    return controller;
  }

  reclaim(controller: AbortController): void {
    this.#lent = this.#lent.length === 1 ? NONE : this.#lent.filter((each) => each !== controller);
  }

  /** Like the `abort` event of the signal, without creating a signal. */
  onAbort(listener: () => void): void {
    this.#listeners.add(listener);
  }

  offAbort(listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Aborts when the signal does, until the returned function is called. */
  follow(signal: AbortSignal | undefined): () => void {
    if (signal?.aborted) this.abort();
    const end = (): void => this.abort();
    signal?.addEventListener('abort', end);
    return () => signal?.removeEventListener('abort', end);
  }

  abort(): void {
    if (this.isAborted) return;
    this.isAborted = true;
    this.#listeners.notify();
    this.#listeners.clear();
    this.#controller?.abort(reason());
    for (const controller of this.#lent) controller.abort(reason());
  }
}

/** One shared exception: creating one collects a stack. */
let shared: DOMException | undefined;
function reason(): DOMException {
  shared ??= new DOMException('This process no longer drives the task', 'AbortError');
  return shared;
}
