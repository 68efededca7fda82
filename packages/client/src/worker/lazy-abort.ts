import { Listeners } from './listeners.ts';

/** An `AbortController` that costs nothing until its signal is read. */
export class LazyAbort {
  #controller: AbortController | undefined;
  readonly #listeners = new Listeners();
  /** The signal was handed out for good and may have listeners. */
  #isGiven = false;
  #lent = 0;
  isAborted = false;

  get signal(): AbortSignal {
    this.#isGiven = true;
    return this.#made();
  }

  /** The signal for one request, returned with `takeBack`: without a request in flight no event is fired. */
  lend(): AbortSignal {
    this.#lent += 1;
    return this.#made();
  }

  takeBack(): void {
    this.#lent -= 1;
  }

  #made(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.isAborted) this.#controller.abort(reason());
    return this.#controller.signal;
  }

  /** As the event `abort` of the signal, without creating a signal. */
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
    this.#listeners.tell();
    this.#listeners.clear();
    if (this.#isGiven || this.#lent > 0) this.#controller?.abort(reason());
  }
}

/** One shared exception: creating one collects a stack. */
let shared: DOMException | undefined;
function reason(): DOMException {
  shared ??= new DOMException('This process no longer drives the task', 'AbortError');
  return shared;
}
