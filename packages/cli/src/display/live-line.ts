import type { Context } from '../context.ts';
import { safeText } from './safe-text.ts';

/** A line at the bottom of the terminal, redrawn in place; permanent lines are written above it. */
export interface LiveLine {
  show(text: string | undefined): void;
  /** Removes the line from the screen for other output; `redraw` restores it. */
  clear(): void;
  redraw(): void;
  readonly isDrawn: boolean;
}

const CLEAR = '\r\u001b[2K';

/** Undefined when nothing can be redrawn in place: no terminal, a dumb one, `--no-ui`, CI. */
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
    // Leave room for an echoed `^C`: a line that wraps cannot be erased.
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
