import { closeSync, fsync, openSync } from 'node:fs';
import type Database from 'libsql';
import { pendingAnswers } from '../../machine/questions.ts';
import type { TaskRecord } from '../../task/record.ts';
import { isMilestone } from '../milestone.ts';
import { BUSY_TIMEOUT_MS } from './open-database.ts';

/** Readers of other processes hold the log for a moment only. */
const ERASE_TIMEOUT_MS = 200;

/**
 * How a write must stand before it is told of. `sync`: on the disk itself, so that it outlives a loss of power.
 * `erase`: moreover nothing of what was taken out of a record is left in the log.
 */
export type Standing = 'none' | 'sync' | 'erase';

export interface Durability {
  /** Resolves once all that was committed until now stands so; those who wait at the same time share the work. */
  reach(standing: Standing): Promise<void>;
  erase(): void;
  close(): void;
}

function dropsAnswer(before: TaskRecord, after: TaskRecord): boolean {
  const kept = pendingAnswers(after.ledger);
  return Object.keys(pendingAnswers(before.ledger)).some((key) => !Object.hasOwn(kept, key));
}

export function standingOf(before: TaskRecord, after: TaskRecord): Standing {
  if (dropsAnswer(before, after)) return 'erase';
  return isMilestone(before, after) ? 'sync' : 'none';
}

/** Runs one job at a time; whoever asks while it runs shares the next run. */
function createShared(job: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= running.then(
      () => begin(),
      () => begin(),
    );
    return next;
  };
  function begin(): Promise<void> {
    next = undefined;
    running = job();
    return running;
  }
}

export function createDurability(db: Database.Database, file: string, durable: boolean): Durability {
  let log: number | undefined;

  /** The log is synced by its own descriptor, off the event loop. (Closing it drops no lock: SQLite keeps none on it.) */
  const syncLog = createShared(
    () =>
      new Promise((resolve, reject) => {
        log ??= openSync(`${file}-wal`, 'r+');
        fsync(log, (error) => (error === null ? resolve() : reject(error)));
      }),
  );

  /** Never throws: the write it follows is committed, and the next one tells if the disk is in trouble. */
  function erase(): void {
    try {
      db.exec(`PRAGMA busy_timeout = ${ERASE_TIMEOUT_MS}`);
      db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    } catch {
      return;
    } finally {
      db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    }
  }

  return {
    async reach(standing) {
      if (standing === 'sync' && durable) await syncLog();
      if (standing === 'erase') erase();
    },
    erase,
    close() {
      if (log !== undefined) closeSync(log);
      log = undefined;
    },
  };
}
