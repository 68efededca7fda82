import type { Heard } from './run-child.ts';
import type { TaskServer } from './serve-task.ts';

/** The result of one client in one row. */
export interface Cell {
  readonly survived: boolean;
  readonly words: string;
}

const WORDS_SHOWN = 90;

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** The end, in the client's terms. */
export function describeEnd({ ended, tookMs }: Heard, limitMs: number): string {
  if (ended === undefined) return `no end within ${seconds(limitMs)}`;
  const reason = ended.words === undefined ? '' : `: “${ended.words.replace(/\s+/g, ' ').slice(0, WORDS_SHOWN)}”`;
  return `${ended.status} after ${seconds(tookMs)}${reason}`;
}

/** The server created a task, and the client never reported its id. */
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
