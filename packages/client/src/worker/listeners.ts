type Listener = () => void;

/** A set of listeners without a `Set` while it has at most one, to save memory: a process holds thousands of tasks. */
export class Listeners {
  #only: Listener | undefined;
  #all: Set<Listener> | undefined;

  /** Returns a function that removes the listener. */
  add(listener: Listener): () => void {
    if (this.#all !== undefined) this.#all.add(listener);
    else if (this.#only === undefined) this.#only = listener;
    else if (this.#only !== listener) this.#all = new Set([this.#only, listener]);
    return () => this.delete(listener);
  }

  delete(listener: Listener): void {
    if (this.#all !== undefined) this.#all.delete(listener);
    else if (this.#only === listener) this.#only = undefined;
  }

  clear(): void {
    this.#only = undefined;
    this.#all = undefined;
  }

  /** Calls the current listeners in order of addition. */
  notify(): void {
    if (this.#all !== undefined) for (const listener of [...this.#all]) listener();
    else this.#only?.();
  }
}
