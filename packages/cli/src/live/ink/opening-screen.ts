import type { Model } from '../state/model.ts';
import { viewFrame } from '../view/frame.ts';
import type { Span } from '../view/line.ts';
import { lookOf, type Theme, toAscii } from '../view/theme.ts';
import { CLOSE, OPEN, sizeOf } from './alternate-screen.ts';

/** The first frame, on the alternate screen while Ink and the records load. */
export interface OpeningScreen {
  /** Hands the screen to Ink, which closes it from then on; false if it is no longer here to hand over. */
  handOver(): boolean;
  /** Restores the terminal, unless Ink has it. */
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
  // Keys pressed from now on are for the view.
  stdin.setRawMode(true);
  const { lines } = viewFrame({ ...start, ...sizeOf(stdout) });
  const rows = lines.map((spans) => spans.map((each) => styled(each, terminal)).join(''));
  stdout.write(`${OPEN}${HIDE_CURSOR}${HOME}${rows.map((row) => row + ERASE_REST).join('\r\n')}`);
  return { handOver, close };
}

const HIDE_CURSOR = '\u001b[?25l';
const HOME = '\u001b[H';
/** Erases the rest of a row: Ink clears the screen, which is done once. */
const ERASE_REST = '\u001b[K';
const COLOURS: Readonly<Record<string, number>> = { red: 31, green: 32, yellow: 33, cyan: 36 };

/** SGR as Ink writes it, for a frame that is drawn before Ink is loaded. */
function styled({ text, tone }: Span, theme: Theme): string {
  const shown = theme.ascii ? toAscii(text) : text;
  const { color, bold, dimColor, italic, inverse } = lookOf(tone, theme);
  const codes = [
    ...(bold === true ? [1] : []),
    ...(dimColor === true ? [2] : []),
    ...(italic === true ? [3] : []),
    ...(inverse === true ? [7] : []),
    ...(color === undefined ? [] : [COLOURS[color] ?? 39]),
  ];
  return codes.length === 0 || text === '' ? shown : `\u001b[${codes.join(';')}m${shown}\u001b[0m`;
}
