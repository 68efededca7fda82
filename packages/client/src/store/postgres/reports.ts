import { openQuestions, type TaskRecord } from '../../task/record.ts';
import type { Write, Written } from './record-table.ts';

/** Notifications about writes. Readers poll the tables anyway: a lost notification only delays. */
export interface Reports {
  written(writes: readonly Write[], written: readonly Written[]): void;
  removed(holders: readonly (string | null)[]): void;
  /** Tasks were created, removed or released. */
  listChanged(): void;
}

export interface Waker {
  wakeOwner(owner: string): void;
  wakeAll(): void;
}

function hasQuestion(record: TaskRecord): boolean {
  return Object.keys(openQuestions(record)).length > 0;
}

/** True for a change worth a notification; the next poll finds other changes. */
function isUrgent({ before, after }: Write): boolean {
  return before.phase !== after.phase || hasQuestion(before) !== hasQuestion(after);
}

export function createReports({ wakeOwner, wakeAll }: Waker): Reports {
  function wakeOwners(owners: readonly (string | null)[]): void {
    for (const owner of new Set(owners)) if (owner !== null) wakeOwner(owner);
  }

  return {
    written(writes, written) {
      wakeOwners(written.map(({ mailed }) => mailed));
      if (writes.some(isUrgent)) wakeAll();
    },
    removed(holders) {
      if (holders.length === 0) return;
      wakeOwners(holders);
      wakeAll();
    },
    listChanged: wakeAll,
  };
}
