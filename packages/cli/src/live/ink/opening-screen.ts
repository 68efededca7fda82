import type { Model } from '../state/model.ts';
import { viewFrame } from '../view/frame.ts';
import type { Span } from '../view/line.ts';
import { styleOf, type Theme, toAscii } from '../view/theme.ts';
import { CLOSE, OPEN, sizeOf } from './alternate-screen.ts';

/** First frame on the alternate screen, shown while Ink and the records load. */
export interface OpeningScreen {
  /** Hands the screen over to Ink, which closes it later; false if it was already closed or handed over. */
  handOver(): boolean;
  /** Restores the terminal, unless Ink owns it. */
  close(): void;
}

interface Terminal extends Theme {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

export function openScreen(start: Model, terminal: Terminal): OpeningScreen {
  const { stdin, stdout } = terminal;
  let isOurs = true;

  const handOver = (): boolean => {
    const was = isOurs;
    isOurs = false;
    process.off('exit', close);
    return was;
  };
  const close = (): void => {
    if (!handOver()) return;
    stdout.write(CLOSE);
    stdin.setRawMode(false);
  };

  process.on('exit', close);
  // From here on keys are input of the view.
  stdin.setRawMode(true);
  const { lines } = viewFrame({ ...start, ...sizeOf(stdout) });
  const rows = lines.map((spans) => spans.map((each) => styled(each, terminal)).join(''));
  stdout.write(`${OPEN}${HIDE_CURSOR}${HOME}${rows.map((row) => row + ERASE_REST).join('\r\n')}`);
  return { handOver, close };
}

const HIDE_CURSOR = '\u001b[?25l';
const HOME = '\u001b[H';
/** Erases the rest of a row. */
const ERASE_REST = '\u001b[K';
const COLOURS: Readonly<Record<string, number>> = { red: 31, green: 32, yellow: 33, cyan: 36 };

/** Colour sequences equal to Ink's, for the frame drawn before Ink is loaded. */
function styled({ text, tone }: Span, theme: Theme): string {
  const shown = theme.ascii ? toAscii(text) : text;
  const { color, bold, dimColor, italic, inverse } = styleOf(tone, theme);
  const codes = [
    ...(bold === true ? [1] : []),
    ...(dimColor === true ? [2] : []),
    ...(italic === true ? [3] : []),
    ...(inverse === true ? [7] : []),
    ...(color === undefined ? [] : [COLOURS[color] ?? 39]),
  ];
  return codes.length === 0 || text === '' ? shown : `\u001b[${codes.join(';')}m${shown}\u001b[0m`;
}
