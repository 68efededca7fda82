import { own, type TaskRecord } from '@mcp-tasks/client';
import { formatDuration } from '../../display/duration.ts';

export interface AnsweredBefore {
  readonly words: string;
  /** The server has been heard since, and still asks. */
  readonly isListed: boolean;
}

/** What became of a question that was answered: nobody knows before the server is heard again, which it decides when. */
export function answeredBefore({ ledger, observedAt }: TaskRecord, key: string, now: number): AnsweredBefore {
  const entry = own(ledger, key);
  if (entry?.state !== 'acknowledged' || observedAt > entry.at)
    return { words: 'was answered, and the server still lists it', isListed: true };
  const ago = formatDuration(now - entry.at);
  return { words: `was answered ${ago} ago; whether the server still lists it is not known yet`, isListed: false };
}
