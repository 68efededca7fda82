import { safeText } from '../../display/safe-text.ts';
import type { ServerState } from '../live-session.ts';

/** Labels of server states. */
export const STATE_LABELS = {
  connecting: 'connecting…',
  connected: 'connected',
  unreachable: 'unreachable',
  auth_required: 'sign-in needed',
  closed: 'closed',
} as const satisfies Record<ServerState, string>;

/** Makes a server's text safe, in one line. */
export function oneLine(text: string): string {
  return safeText(text, { maxLength: 500 });
}

/** Makes a server's text safe, keeping line breaks. */
export function manyLines(text: string, maxLength = 20_000): string {
  return safeText(text, { multiline: true, maxLength });
}

/** Duration in at most six columns: `5s`, `1m05s`, `2h03m`, `3d04h`, `365d`. */
export function shortDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${twoDigits(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h${twoDigits(minutes % 60)}m`;
  const days = Math.floor(hours / 24);
  return days < 100 ? `${days}d${twoDigits(hours % 24)}h` : `${Math.min(days, 99_999)}d`;
}

/** Wait in at most four columns, in its largest unit, rounded up: `2s`, `34m`. */
export function shortWait(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 100) return `${seconds}s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 100) return `${minutes}m`;
  const hours = Math.ceil(minutes / 60);
  return hours < 100 ? `${hours}h` : `${Math.min(999, Math.ceil(hours / 24))}d`;
}

export function clockTime(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
}

/** Time of day, with the date unless it is today. */
export function dayAndTime(at: number, now: number): string {
  const date = new Date(at);
  if (date.toDateString() === new Date(now).toDateString()) return clockTime(at);
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())} ${clockTime(at)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

export function plural(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
