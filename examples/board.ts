// The article's task board, stored in a file instead of a Map: stable ids, a readable status, a write path.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod';

export const status = z.enum(['working', 'input_required', 'completed', 'failed', 'cancelled']);
const record = z.object({
  taskId: z.string(),
  title: z.string(),
  status,
  updatedAt: z.string(),
  notes: z.string().optional(),
});
export type TaskRecord = z.infer<typeof record>;
export type Move = Partial<Pick<TaskRecord, 'title' | 'status' | 'notes'>>;

const file = process.argv[2] ?? './board.json';

export function readBoard(): readonly TaskRecord[] {
  return existsSync(file) ? z.array(record).parse(JSON.parse(readFileSync(file, 'utf8'))) : [];
}

export function readTaskState(taskId: string): TaskRecord | undefined {
  return readBoard().find((each) => each.taskId === taskId);
}

export function writeTaskState(taskId: string, move: Move): TaskRecord {
  const others = readBoard().filter((each) => each.taskId !== taskId);
  const current = readTaskState(taskId) ?? { taskId, title: 'Untitled', status: 'working' as const };
  const next = { ...current, ...move, updatedAt: new Date().toISOString() };
  writeFileSync(`${file}.new`, JSON.stringify([...others, next], null, 2));
  renameSync(`${file}.new`, file); // atomic, also across a crash
  return next;
}
