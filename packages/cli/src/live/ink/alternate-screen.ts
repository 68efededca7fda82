import type { Size } from '../view/size.ts';

/** Alternate screen without wrapping, with bracketed paste. */
export const OPEN = '\u001b[?1049h\u001b[?7l\u001b[?2004h';
export const CLEAR = '\u001b[H\u001b[2J';
/** Erases the screen first: tmux otherwise leaves rows of it on the normal screen after a resize. */
export const CLOSE = '\u001b[0m\u001b[?2004l\u001b[?7h\u001b[?25h\u001b[H\u001b[J\u001b[?1049l';

/** Largest frame for this terminal. Ink ends each frame with a line break, so the last row stays free. */
export function sizeOf(stdout: NodeJS.WriteStream): Size {
  return { columns: stdout.columns || 80, rows: Math.max(1, (stdout.rows || 24) - 1) };
}
