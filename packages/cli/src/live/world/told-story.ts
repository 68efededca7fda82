import { isCallLost, type TaskRecord } from '@mcp-tasks/client';
import { safeText } from '../../display/safe-text.ts';
import type { RunningDesk } from './create-live-session.ts';
import { beginStory, scriptedAnswer } from './demo-story.ts';
import type { PlainLines } from './plain-lines.ts';

/** The story of the bundled demo, begun and answered by its script, for a run that nobody watches. */
export interface ToldStory {
  /** Also while a call is being made, or its record has not been told of yet. */
  readonly isGoingOn: boolean;
  /** Resolves once its tasks have begun; earlier, without them, when `left` does. */
  begin(left: Promise<unknown>): Promise<void>;
  /** A task asks: the script answers for its own tasks, and for no other. */
  asked(record: TaskRecord, key: string): void;
}

export function createToldStory(desk: RunningDesk, { say, records }: Pick<PlainLines, 'say' | 'records'>): ToldStory {
  const mine = new Set<string>();
  let hasBegun = false;

  function asked(record: TaskRecord, key: string): void {
    const response = mine.has(record.id) ? scriptedAnswer(key) : undefined;
    if (response === undefined) return;
    say(`${record.id}  the demo's script answers ${safeText(key)}: ${JSON.stringify(response)}`);
    const digest = record.ledger[key]?.digest ?? '';
    desk
      .answer({ id: record.id, key, digest, response })
      .catch((error: Error) => say(`${record.id}  ${safeText(error.message)}`));
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
