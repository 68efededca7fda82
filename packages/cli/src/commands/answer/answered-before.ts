import { own, type TaskRecord } from '@mcp-tasks/client';
import { formatDuration } from '../../display/duration.ts';

export interface AnsweredBefore {
  readonly words: string;
  /** The server still lists the question in a poll after the answer. */
  readonly isListed: boolean;
}

/** State of an answered question: unknown until the next poll after the answer. */
export function answeredBefore({ ledger, observedAt }: TaskRecord, key: string, now: number): AnsweredBefore {
  const entry = own(ledger, key);
  if (entry?.state !== 'acknowledged' || observedAt > entry.at)
    return { words: 'was answered, and the server still lists it', isListed: true };
  const ago = formatDuration(now - entry.at);
  return { words: `was answered ${ago} ago; whether the server still lists it is not known yet`, isListed: false };
}
