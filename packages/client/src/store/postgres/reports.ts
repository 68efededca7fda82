import { openQuestions, type TaskRecord } from '../../task/record.ts';
import type { Write, Written } from './record-table.ts';

/** Who is told of what was written; the tables are the truth, and are looked at all the same. */
export interface Reports {
  written(writes: readonly Write[], written: readonly Written[]): void;
  removed(holders: readonly (string | null)[]): void;
  /** Tasks came, went or became free. */
  moved(): void;
}

export interface Waker {
  wakeOwner(owner: string): void;
  wakeAll(): void;
}

function asks(record: TaskRecord): boolean {
  return Object.keys(openQuestions(record)).length > 0;
}

/** Worth to be told at once; other changes are found by the next look. */
function isTelling({ before, after }: Write): boolean {
  return before.phase !== after.phase || asks(before) !== asks(after);
}

export function createReports({ wakeOwner, wakeAll }: Waker): Reports {
  function wakeOwners(owners: readonly (string | null)[]): void {
    for (const owner of new Set(owners)) if (owner !== null) wakeOwner(owner);
  }

  return {
    written(writes, written) {
      wakeOwners(written.map(({ mailed }) => mailed));
      if (writes.some(isTelling)) wakeAll();
    },
    removed(holders) {
      if (holders.length === 0) return;
      wakeOwners(holders);
      wakeAll();
    },
    moved: wakeAll,
  };
}
