import { openStore } from '../../packages/cli/src/demo/store.ts';
import { COLUMNS, type DemoTask, parseRow } from '../../packages/cli/src/demo/task-row.ts';

/** One task in the log of its server. */
export interface ServerTask {
  readonly lane: string;
  readonly id: string;
  readonly nonce: string;
  readonly status: DemoTask['status'];
  readonly result: DemoTask['result'];
  readonly error: DemoTask['error'];
  readonly answers: DemoTask['answers'];
  /** Answers received more than once, where the protocol cannot tell repeats apart. */
  readonly repeated?: readonly string[];
}

/** Reads a server's own store. */
export interface ServerLedger {
  /** Reads the changes; keeps tasks that the server forgets later. */
  read(): void;
  readonly tasks: readonly ServerTask[];
  /** Number of requests about tasks and calls that the server handled. */
  handled(): number;
  close(): void;
}

export function openServerLedger(directory: string, lane: string): ServerLedger {
  const db = openStore(directory);
  const tasks = new Map<string, ServerTask>();
  let seen = 0;
  return {
    read() {
      const rows = db.prepare(`SELECT ${COLUMNS} FROM tasks WHERE seq > ? ORDER BY seq`).all(seen);
      for (const task of (rows as Record<string, unknown>[]).map(parseRow)) {
        seen = task.seq;
        const { id, args, status, result, error, answers } = task;
        tasks.set(id, { lane, id, nonce: String(args.soak), status, result, error, answers });
      }
    },
    get tasks() {
      return [...tasks.values()];
    },
    handled: () => (db.prepare('SELECT count(*) AS n FROM requests').get() as { n: number }).n,
    close: () => db.close(),
  };
}
