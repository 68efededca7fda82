import { isCallLost, type TaskRecord } from '@mcp-tasks/client';
import { safeText } from '../../display/safe-text.ts';
import type { RunningDesk } from './create-live-session.ts';
import { beginStory, scriptedAnswer } from './demo-story.ts';
import type { PlainLines } from './plain-lines.ts';

/** Story of the bundled demo, started and answered by its script, for an unattended run. */
export interface ToldStory {
  /** True while a task of the story is open, even if its record has not arrived yet. */
  readonly isGoingOn: boolean;
  /** Resolves once the tasks have started, or when `left` resolves first. */
  begin(left: Promise<unknown>): Promise<void>;
  /** Answers a question of the story's own tasks only. */
  asked(record: TaskRecord, key: string): void;
}

export function createToldStory(
  desk: RunningDesk,
  { printLine, records }: Pick<PlainLines, 'printLine' | 'records'>,
): ToldStory {
  const mine = new Set<string>();
  let hasBegun = false;

  function asked(record: TaskRecord, key: string): void {
    const response = mine.has(record.id) ? scriptedAnswer(key) : undefined;
    if (response === undefined) return;
    printLine(`${record.id}  the demo's script answers ${safeText(key)}: ${JSON.stringify(response)}`);
    const digest = record.ledger[key]?.digest ?? '';
    desk
      .answer({ id: record.id, key, digest, response })
      .catch((error: Error) => printLine(`${record.id}  ${safeText(error.message)}`));
  }

  return {
    get isGoingOn() {
      return !hasBegun || [...mine].some((id) => isUnderWay(records.get(id)));
    },
    asked,
    async begin(left) {
      for (const id of await Promise.race([beginStory(desk), left.then(() => [])])) {
        mine.add(id);
        const record = desk.records.get(id);
        for (const key of Object.keys(record?.inputRequests ?? {})) if (record !== undefined) asked(record, key);
      }
      hasBegun = true;
    },
  };
}

function isUnderWay(record: TaskRecord | undefined): boolean {
  return record === undefined || (record.phase !== 'settled' && !isCallLost(record));
}
