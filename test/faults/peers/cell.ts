import type { Heard } from './run-child.ts';
import type { TaskServer } from './serve-task.ts';

/** What one client did in one row. */
export interface Cell {
  readonly survived: boolean;
  readonly words: string;
}

const WORDS_SHOWN = 90;

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** How it ended, in the client's own words. */
export function describeEnd({ ended, tookMs }: Heard, limitMs: number): string {
  if (ended === undefined) return `no end within ${seconds(limitMs)}`;
  const reason = ended.words === undefined ? '' : `: “${ended.words.replace(/\s+/g, ' ').slice(0, WORDS_SHOWN)}”`;
  return `${ended.status} after ${seconds(tookMs)}${reason}`;
}

/** A server has made a task and the client never told its id. */
export function describeId({ words }: Heard): string {
  return words.some(({ kind }) => kind === 'task') ? '' : '; the task id is lost';
}

export function pollsPerSecond({ polledAt }: TaskServer): number {
  const [first] = polledAt;
  const last = polledAt.at(-1);
  if (first === undefined || last === undefined || last === first) return 0;
  return (polledAt.length - 1) / ((last - first) / 1000);
}

export const isCompleted = ({ ended }: Heard): boolean => ended?.status === 'completed';
