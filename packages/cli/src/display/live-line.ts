import type { Context } from '../context.ts';
import { safeText } from './safe-text.ts';

/** One line at the bottom of a terminal that is drawn anew in place; lines that stay are written above it. */
export interface LiveLine {
  show(text: string | undefined): void;
  /** Takes it off the screen, so that something else can be written; `redraw` puts it back. */
  clear(): void;
  redraw(): void;
  readonly isDrawn: boolean;
}

const CLEAR = '\r\u001b[2K';

/** Undefined where nothing can be drawn in place: no terminal, a dumb one, `--no-ui`, CI. */
export function createLiveLine(context: Context, flags: { readonly ui?: boolean }): LiveLine | undefined {
  const { stderr, env } = context;
  const { MCP_TASKS_NO_UI, CI, TERM } = env;
  const isCi = CI !== undefined && !['', '0', 'false'].includes(CI);
  if (!stderr.isTTY || flags.ui === false || MCP_TASKS_NO_UI || isCi || TERM === 'dumb') return undefined;
  let text: string | undefined;
  let isDrawn = false;

  function clear(): void {
    if (isDrawn) stderr.write(CLEAR);
    isDrawn = false;
  }

  function redraw(): void {
    if (text === undefined) {
      clear();
      return;
    }
    // A full line would wrap, and could not be taken back; so would the `^C` that a terminal echoes behind it.
    const line = safeText(text, { maxLength: Math.max(10, (stderr.columns || 80) - 3) });
    stderr.write(`${CLEAR}${line}`);
    isDrawn = true;
  }

  return {
    show(next) {
      text = next;
      redraw();
    },
    clear,
    redraw,
    get isDrawn() {
      return isDrawn;
    },
  };
}
