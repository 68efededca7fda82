import type Database from 'libsql';
import { pendingAnswers } from '../../machine/questions.ts';
import type { TaskRecord } from '../../task/record.ts';
import { BUSY_TIMEOUT_MS } from './open-database.ts';

/** Other processes look at the log for a moment only; who looks longer is not worth waiting for. */
const TRUNCATE_PATIENCE_MS = 200;

/**
 * - `sync`: what is committed is brought onto the disk itself, so that it outlives a loss of power.
 * - `erase`: the log is emptied as well, so that nothing of what was taken out of a record is left in it.
 */
export type Checkpoint = 'none' | 'sync' | 'erase';

/** What must not be lost with the power: a call that is out, a task that has a name, a result. */
function isMilestone(before: TaskRecord, after: TaskRecord): boolean {
  return before.phase !== after.phase || before.taskId !== after.taskId;
}

function dropsAnswer(before: TaskRecord, after: TaskRecord): boolean {
  const kept = pendingAnswers(after.ledger);
  return Object.keys(pendingAnswers(before.ledger)).some((key) => !Object.hasOwn(kept, key));
}

export function planCheckpoint(before: TaskRecord, after: TaskRecord): Checkpoint {
  if (dropsAnswer(before, after)) return 'erase';
  return isMilestone(before, after) ? 'sync' : 'none';
}

/** Never throws: the write it follows is committed, and the next one tells if the disk is in trouble. */
export function checkpoint(db: Database.Database, kind: Checkpoint): void {
  try {
    if (kind === 'sync') db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get();
    if (kind !== 'erase') return;
    db.exec(`PRAGMA busy_timeout = ${TRUNCATE_PATIENCE_MS}`);
    db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  } catch {
    return;
  } finally {
    if (kind === 'erase') db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  }
}
