import type { ClientRun } from './run-child.ts';
import type { TaskServer } from './serve-task.ts';

/** The result of one client in one row. */
export interface Cell {
  readonly survived: boolean;
  readonly text: string;
}

const MAX_TEXT = 90;

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** The end, in the client's terms. */
export function describeEnd({ ended, tookMs }: ClientRun, limitMs: number): string {
  if (ended === undefined) return `no end within ${seconds(limitMs)}`;
  const reason = ended.text === undefined ? '' : `: “${ended.text.replace(/\s+/g, ' ').slice(0, MAX_TEXT)}”`;
  return `${ended.status} after ${seconds(tookMs)}${reason}`;
}

/** The server created a task, and the client never reported its id. */
export function describeId({ events }: ClientRun): string {
  return events.some(({ kind }) => kind === 'task') ? '' : '; the task id is lost';
}

export function pollsPerSecond({ polledAt }: TaskServer): number {
  const [first] = polledAt;
  const last = polledAt.at(-1);
  if (first === undefined || last === undefined || last === first) return 0;
  return (polledAt.length - 1) / ((last - first) / 1000);
}

export const isCompleted = ({ ended }: ClientRun): boolean => ended?.status === 'completed';
