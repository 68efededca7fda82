import type { DemoTask } from './task-row.ts';
import type { TaskTable } from './task-table.ts';

type Listener = (task: DemoTask) => void;

/** Reports each change of a task, including changes by other processes on the same store. */
export class ChangeFeed {
  readonly #table: TaskTable;
  readonly #listeners = new Set<Listener>();
  #seenSeq: number;

  constructor(table: TaskTable) {
    this.#table = table;
    this.#seenSeq = table.lastSeq();
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  deliver(): void {
    if (this.#listeners.size === 0) {
      this.#seenSeq = this.#table.lastSeq();
      return;
    }
    for (const task of this.#table.changedSince(this.#seenSeq)) {
      // A listener may change tasks; the nested call has then delivered those changes already.
      if (task.seq <= this.#seenSeq) continue;
      this.#seenSeq = task.seq;
      for (const listener of [...this.#listeners]) listener(task);
    }
  }

  close(): void {
    this.#listeners.clear();
  }
}
