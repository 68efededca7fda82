import { closeSync, fsync, openSync } from 'node:fs';
import type Database from 'libsql';
import { pendingAnswers } from '../../machine/questions.ts';
import type { TaskRecord } from '../../task/record.ts';
import { isMilestone } from '../milestone.ts';
import { BUSY_TIMEOUT_MS } from './open-database.ts';

/** Checkpoint timeout: readers of other processes hold the log only briefly. */
const ERASE_TIMEOUT_MS = 200;

/**
 * Durability that a write must reach before it is reported. `sync`: on disk, survives a power loss. `erase`: also no
 * removed answer left in the log.
 */
export type DurabilityLevel = 'none' | 'sync' | 'erase';

export interface Durability {
  /** Resolves once all commits so far have reached this level; concurrent callers share the work. */
  reach(level: DurabilityLevel): Promise<void>;
  erase(): void;
  close(): void;
}

function dropsAnswer(before: TaskRecord, after: TaskRecord): boolean {
  const kept = pendingAnswers(after.ledger);
  return Object.keys(pendingAnswers(before.ledger)).some((key) => !Object.hasOwn(kept, key));
}

export function levelOf(before: TaskRecord, after: TaskRecord): DurabilityLevel {
  if (dropsAnswer(before, after)) return 'erase';
  return isMilestone(before, after) ? 'sync' : 'none';
}

/** Runs one job at a time; calls during a run share the next one. */
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

  /** Syncs the log by its own descriptor, off the event loop. SQLite holds no lock on it that a close could drop. */
  const syncLog = createShared(
    () =>
      new Promise((resolve, reject) => {
        log ??= openSync(`${file}-wal`, 'r+');
        fsync(log, (error) => (error === null ? resolve() : reject(error)));
      }),
  );

  /** Never throws: its write is committed, and the next write reports a failing disk. */
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
    async reach(level) {
      if (level === 'sync' && durable) await syncLog();
      if (level === 'erase') erase();
    },
    erase,
    close() {
      if (log !== undefined) closeSync(log);
      log = undefined;
    },
  };
}
