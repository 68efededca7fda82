import { type CommonFlags, type Context, usesColor, usesUnicode } from '../context.ts';
import { jsonText } from './json-text.ts';
import { createLiveLine } from './live-line.ts';
import type { TextLine } from './markdown.ts';
import { safeLines } from './safe-text.ts';
import { styledText } from './styled-text.ts';

/** Output of a command: results to standard output, all other lines to standard error. */
export interface Printer {
  readonly json: boolean;
  /** Prints a result on standard output, with active characters escaped for a terminal. */
  result(text: string): void;
  /** True if standard output is a terminal that shows styled lines. */
  readonly isStyled: boolean;
  /** Prints a result with styles for the terminal. */
  styled(lines: readonly TextLine[]): void;
  /** Prints a server's text unchanged on standard output, because a person asked for it. */
  raw(text: string): void;
  /** Prints a JSON document on standard output. */
  document(value: unknown): void;
  /** Prints one JSON event per line on standard output. */
  event(value: unknown): void;
  /** Prints one line on standard error. */
  line(text: string): void;
  /** True if there is a live line; otherwise progress is printed as permanent lines. */
  readonly isLive: boolean;
  /** Sets the text of the live line; undefined removes it. */
  live(text: string | undefined): void;
  /** Holds lines back while a form is on the screen; the returned function prints them. */
  hold(): () => void;
}

export function createPrinter(context: Context, flags: CommonFlags): Printer {
  let held: string[] | undefined;
  let isBehindEcho = context.stderr.isTTY === true;
  let isEchoErased = false;
  const liveLine = createLiveLine(context, flags);

  /** Notes that erasing the live line also erases the `^C` echoed after it. */
  function noteEcho(): void {
    if (context.interrupt.aborted && liveLine?.isDrawn === true) isEchoErased = true;
  }

  function write(text: string): void {
    noteEcho();
    // The terminal echoed ^C at the cursor: start a new line.
    const begin = isBehindEcho && context.interrupt.aborted ? `${isEchoErased ? '^C' : ''}\n` : '';
    if (begin !== '') isBehindEcho = false;
    liveLine?.clear();
    context.stderr.write(`${begin}${safeLines(text)}\n`);
    if (held === undefined) liveLine?.redraw();
  }

  function out(text: string): void {
    liveLine?.show(undefined);
    context.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  return {
    json: flags.json === true,
    result: (text) => out(safeLines(text)),
    isStyled: context.stdout.isTTY === true && context.env.TERM !== 'dumb',
    styled(lines) {
      const { stdout } = context;
      const shows = { color: usesColor(context, stdout), unicode: usesUnicode(context) };
      out(styledText(lines, { width: stdout.columns || 80, ...shows }));
    },
    raw: out,
    document: (value) => out(jsonText(value, 2)),
    event: (value) => out(jsonText(value)),
    line(text) {
      if (held === undefined) write(text);
      else held.push(text);
    },
    isLive: liveLine !== undefined,
    live(text) {
      noteEcho();
      if (held === undefined) liveLine?.show(text);
    },
    hold() {
      held ??= [];
      liveLine?.show(undefined);
      return () => {
        // A ^C pressed in a form is not echoed.
        if (context.interrupt.aborted) isBehindEcho = false;
        for (const text of held ?? []) write(text);
        held = undefined;
      };
    },
  };
}
