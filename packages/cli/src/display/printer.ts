import type { CommonFlags, Context } from '../context.ts';
import { jsonText } from './json-text.ts';
import { safeLines } from './safe-text.ts';

/** Where a command's words go: results to standard output, everything else, line by line, to standard error. */
export interface Printer {
  readonly json: boolean;
  /** A result for standard output, as lines in which no character acts on a terminal. */
  result(text: string): void;
  /** Text of a server for standard output as it came, because a person asked for it. */
  raw(text: string): void;
  /** A JSON document for standard output. */
  document(value: unknown): void;
  /** One JSON event per line on standard output. */
  event(value: unknown): void;
  /** One line of progress on standard error. */
  line(text: string): void;
  /** Keeps lines back while a form is on the screen; the returned function lets them go. */
  hold(): () => void;
}

export function createPrinter(context: Context, flags: CommonFlags): Printer {
  let held: string[] | undefined;
  let isBehindEcho = context.stderr.isTTY === true;

  function write(text: string): void {
    // The terminal has just echoed ^C where the cursor stood.
    const begin = isBehindEcho && context.interrupt.aborted ? '\n' : '';
    if (begin !== '') isBehindEcho = false;
    context.stderr.write(`${begin}${safeLines(text)}\n`);
  }

  function out(text: string): void {
    context.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  return {
    json: flags.json === true,
    result: (text) => out(safeLines(text)),
    raw: out,
    document: (value) => out(jsonText(value, 2)),
    event: (value) => out(jsonText(value)),
    line(text) {
      if (held === undefined) write(text);
      else held.push(text);
    },
    hold() {
      held ??= [];
      return () => {
        // Pressed in a form, ^C was not echoed.
        if (context.interrupt.aborted) isBehindEcho = false;
        for (const text of held ?? []) write(text);
        held = undefined;
      };
    },
  };
}
