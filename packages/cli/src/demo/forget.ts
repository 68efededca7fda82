import { type Db, transact } from './store.ts';
import { type DemoTask, isTerminal } from './task-row.ts';

/** Retention of the journal of steps and requests, in ms. */
const JOURNAL_MS = 86_400_000;

/** Whether the time to live has passed. A working task is kept, unless `--chaos` sets `forgetAt`. */
export function isExpired(task: DemoTask, now: number, graceMs: number): boolean {
  if (task.forgetAt !== null && now > task.forgetAt) return true;
  if (task.ttlMs === null || task.status === 'working') return false;
  const end = task.createdAt + task.ttlMs;
  // A task that ended after its time to live is kept for a grace period, so that its result can be read.
  const late = isTerminal(task.status) && task.updatedAt > end;
  return now > (late ? task.updatedAt + graceMs : end);
}

export function forgetExpired(db: Db, now: number, graceMs: number): void {
  transact(db, () => {
    db.prepare(
      `DELETE FROM tasks WHERE forget_at < ?1 OR (status <> 'working' AND ttl_ms IS NOT NULL
       AND max(created_at + ttl_ms, CASE status WHEN 'input_required' THEN 0 ELSE updated_at + ?2 END) < ?1)`,
    ).run(now, graceMs);
    db.prepare('DELETE FROM events WHERE at < ?').run(now - JOURNAL_MS);
    db.prepare('DELETE FROM requests WHERE at < ?').run(now - JOURNAL_MS);
  });
}
