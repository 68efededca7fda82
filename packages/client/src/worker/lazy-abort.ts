/** An `AbortController` that costs nothing until somebody asks for its signal. */
export class LazyAbort {
  #controller: AbortController | undefined;
  #listeners: Set<() => void> | undefined;
  /** Somebody may listen to the signal for as long as it lives. */
  #isGiven = false;
  #lent = 0;
  isAborted = false;

  get signal(): AbortSignal {
    this.#isGiven = true;
    return this.#made();
  }

  /** The signal for one request, to be given back by `takeBack`: nothing is told when no request is out. */
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

  /** As the event `abort` of the signal, without making one. */
  onAbort(listener: () => void): void {
    this.#listeners ??= new Set();
    this.#listeners.add(listener);
  }

  offAbort(listener: () => void): void {
    this.#listeners?.delete(listener);
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
    for (const listener of [...(this.#listeners ?? [])]) listener();
    this.#listeners = undefined;
    if (this.#isGiven || this.#lent > 0) this.#controller?.abort(reason());
  }
}

/** One for all: making it collects a stack. */
let shared: DOMException | undefined;
function reason(): DOMException {
  shared ??= new DOMException('The task is not driven here any more', 'AbortError');
  return shared;
}
