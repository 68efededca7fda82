import { type CommonFlags, type Context, usesColor, usesUnicode } from '../context.ts';
import { jsonText } from './json-text.ts';
import { createLiveLine } from './live-line.ts';
import type { TextLine } from './markdown.ts';
import { safeLines } from './safe-text.ts';
import { styledText } from './styled-text.ts';

/** Where a command's words go: results to standard output, everything else, line by line, to standard error. */
export interface Printer {
  readonly json: boolean;
  /** A result for standard output, as lines in which no character acts on a terminal. */
  result(text: string): void;
  /** Whether standard output is a terminal that shows laid-out lines. */
  readonly isStyled: boolean;
  /** The same, laid out for the terminal. */
  styled(lines: readonly TextLine[]): void;
  /** Text of a server for standard output as it came, because a person asked for it. */
  raw(text: string): void;
  /** A JSON document for standard output. */
  document(value: unknown): void;
  /** One JSON event per line on standard output. */
  event(value: unknown): void;
  /** One line of progress on standard error. */
  line(text: string): void;
  /** Whether there is a live line; without one, what goes by is told in lines that stay. */
  readonly isLive: boolean;
  /** Shows this on the live line of a terminal, until something else or nothing. */
  live(text: string | undefined): void;
  /** Keeps lines back while a form is on the screen; the returned function lets them go. */
  hold(): () => void;
}

export function createPrinter(context: Context, flags: CommonFlags): Printer {
  let held: string[] | undefined;
  let isBehindEcho = context.stderr.isTTY === true;
  let isEchoErased = false;
  const liveLine = createLiveLine(context, flags);

  /** The echo of ^C stands behind the live line, and goes with it. */
  function noteEcho(): void {
    if (context.interrupt.aborted && liveLine?.isDrawn === true) isEchoErased = true;
  }

  function write(text: string): void {
    noteEcho();
    // The terminal has just echoed ^C where the cursor stood.
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
        // Pressed in a form, ^C was not echoed.
        if (context.interrupt.aborted) isBehindEcho = false;
        for (const text of held ?? []) write(text);
        held = undefined;
      };
    },
  };
}
