type Listener = () => void;

/** A set of listeners that costs no table while it has at most one: a process holds thousands of tasks. */
export class Listeners {
  #only: Listener | undefined;
  #all: Set<Listener> | undefined;

  /** Returns what removes the listener. */
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

  /** Calls those that are there now, in the order in which they were added. */
  tell(): void {
    if (this.#all !== undefined) for (const listener of [...this.#all]) listener();
    else this.#only?.();
  }
}
