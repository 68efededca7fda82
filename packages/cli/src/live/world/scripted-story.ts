import { isCallLost, type TaskRecord } from '@mcp-tasks/client';
import { safeText } from '../../display/safe-text.ts';
import type { RunningLiveSession } from './create-live-session.ts';
import { beginStory, scriptedAnswer } from './demo-story.ts';
import type { PlainLines } from './plain-lines.ts';

/** Story of the bundled demo, started and answered by its script, for an unattended run. */
export interface ScriptedStory {
  /** True while a task of the story is open, even if its record has not arrived yet. */
  readonly isRunning: boolean;
  /** Resolves once the tasks have started, or when `left` resolves first. */
  begin(left: Promise<unknown>): Promise<void>;
  /** Answers a question of the story's own tasks only. */
  answerQuestion(record: TaskRecord, key: string): void;
}

export function createScriptedStory(
  live: RunningLiveSession,
  { printLine, records }: Pick<PlainLines, 'printLine' | 'records'>,
): ScriptedStory {
  const ownIds = new Set<string>();
  let hasBegun = false;

  function answerQuestion(record: TaskRecord, key: string): void {
    const response = ownIds.has(record.id) ? scriptedAnswer(key) : undefined;
    if (response === undefined) return;
    printLine(`${record.id}  the demo's script answers ${safeText(key)}: ${JSON.stringify(response)}`);
    const digest = record.ledger[key]?.digest ?? '';
    live
      .answer({ id: record.id, key, digest, response })
      .catch((error: Error) => printLine(`${record.id}  ${safeText(error.message)}`));
  }

  return {
    get isRunning() {
      return !hasBegun || [...ownIds].some((id) => isUnderWay(records.get(id)));
    },
    answerQuestion,
    async begin(left) {
      for (const id of await Promise.race([beginStory(live), left.then(() => [])])) {
        ownIds.add(id);
        const record = live.records.get(id);
        for (const key of Object.keys(record?.inputRequests ?? {}))
          if (record !== undefined) answerQuestion(record, key);
      }
      hasBegun = true;
    },
  };
}

function isUnderWay(record: TaskRecord | undefined): boolean {
  return record === undefined || (record.phase !== 'settled' && !isCallLost(record));
}
