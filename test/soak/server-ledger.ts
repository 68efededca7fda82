import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskRecord } from '@mcp-tasks/client';
import { openJournal } from '../../packages/cli/src/demo/journal.ts';
import { stateOf } from '../../packages/cli/src/demo/task-record.ts';
import type { Answers, RpcError, ToolResult } from '../../packages/cli/src/demo/tool.ts';

/** One task in the log of its server. */
export interface ServerTask {
  readonly lane: string;
  readonly id: string;
  readonly nonce: string;
  readonly status: TaskRecord['status'];
  readonly result: ToolResult | null;
  readonly error: RpcError | null;
  readonly answers: Answers;
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
  const db = openJournal(directory);
  const file = join(directory, 'tasks.db');
  let records: 'unseen' | 'attached' = 'unseen';
  const tasks = new Map<string, ServerTask>();
  let seen = 0;
  return {
    read() {
      if (records === 'unseen' && !existsSync(file)) return;
      if (records === 'unseen') db.prepare('ATTACH DATABASE ? AS kept').run(file);
      records = 'attached';
      const rows = db.prepare('SELECT sequence, body FROM kept.records WHERE sequence > ? ORDER BY sequence').all(seen);
      for (const { sequence, body } of rows as { readonly sequence: number; readonly body: string }[]) {
        seen = sequence;
        const { id, arguments: args, status, outcome, carried } = JSON.parse(body) as TaskRecord;
        const answers = Object.assign({}, ...Object.values(stateOf({ carried }).given)) as Answers;
        const result = (outcome?.result ?? null) as ToolResult | null;
        const error = (outcome?.error ?? null) as RpcError | null;
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
