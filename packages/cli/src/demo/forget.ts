import { type Db, transact } from './store.ts';
import { type DemoTask, isTerminal } from './task-row.ts';

/** How long the journal of steps and requests is kept, in ms. */
const JOURNAL_MS = 86_400_000;

/** Whether the task's time has run out. Nothing is dropped while it runs, unless misbehaviour was asked for. */
export function isExpired(task: DemoTask, now: number, graceMs: number): boolean {
  if (task.forgetAt !== null && now > task.forgetAt) return true;
  if (task.ttlMs === null || task.status === 'working') return false;
  const end = task.createdAt + task.ttlMs;
  // A task that ended after its time is kept long enough to be read once.
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
