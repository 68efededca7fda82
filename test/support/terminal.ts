import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { createHand } from './hand.ts';
import { wholeFrames } from './whole-frames.ts';

export interface TerminalOptions {
  /** @default 80 */
  readonly columns?: number;
  /** @default 24 */
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface Exit {
  readonly code: number;
  readonly signal: number | undefined;
}

export interface Cell {
  readonly text: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
  readonly underline: boolean;
  readonly italic: boolean;
  /** How many columns it takes: 2 for wide ones, and 0 for the column behind them. */
  readonly width: number;
  /** A palette number or 0xRRGGBB; `undefined` for the default colour. */
  readonly foreground: number | undefined;
  readonly background: number | undefined;
}

/** What to send for the keys that have a name; anything else is typed as it is. */
export const keys = {
  enter: '\r',
  escape: '\u001b',
  tab: '\t',
  shiftTab: '\u001b[Z',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  home: '\u001b[H',
  end: '\u001b[F',
  pageUp: '\u001b[5~',
  pageDown: '\u001b[6~',
  delete: '\u001b[3~',
  backspace: '\u007f',
  space: ' ',
  ctrlC: '\u0003',
  ctrlD: '\u0004',
  ctrlR: '\u0012',
  ctrlU: '\u0015',
} as const;

type Expectation = string | RegExp | ((screen: string) => boolean);

/** A program in a real pseudo-terminal, with an emulator that knows what a person would see. */
export interface Terminal {
  readonly pid: number;
  /** What is visible now, without trailing blanks. */
  screen(): string;
  /** Everything since the start, also what has scrolled away. */
  scrollback(): string;
  /** All bytes as they came. */
  raw(): string;
  cell(row: number, column: number): Cell;
  /** Where a text stands on the screen; throws when it does not. */
  locate(text: string): { readonly row: number; readonly column: number };
  buffer(): 'normal' | 'alternate';
  /** Resolves with the screen once it shows this. Waits for content, never for time. */
  waitFor(expected: Expectation, timeoutMs?: number): Promise<string>;
  /** Resolves once the screen no longer shows this. */
  waitUntilGone(expected: string | RegExp, timeoutMs?: number): Promise<string>;
  /** Like `waitFor`, over everything since the start. */
  waitForOutput(expected: Expectation, timeoutMs?: number): Promise<string>;
  /** Typed at a person's pace: Enter comes alone, and half a second after what was typed before it. */
  write(input: string): void;
  /** Sent in one piece, as a terminal without bracketed paste does. */
  paste(input: string): void;
  press(...names: readonly (keyof typeof keys)[]): void;
  resize(columns: number, rows: number): void;
  signal(name: NodeJS.Signals): void;
  /** The window is closed: the program is told, and its terminal is gone. */
  hangUp(): void;
  readonly exited: Promise<Exit>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export function openTerminal(command: string, args: readonly string[], options: TerminalOptions = {}): Terminal {
  const columns = options.columns ?? 80;
  const rows = options.rows ?? 24;
  const emulator = new xterm.Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true });
  const child = spawn(command, [...args], {
    name: options.env?.TERM ?? 'xterm-256color', // node-pty sets TERM to it
    cols: columns,
    rows,
    env: { PATH: process.env.PATH ?? '', TERM: 'xterm-256color', LANG: 'C.UTF-8', ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const watchers = new Set<() => void>();
  let bytes = '';
  let ended = false;
  let shownAt = performance.now();
  const show = (data: string) =>
    new Promise<void>((shown) =>
      emulator.write(data, () => {
        shownAt = performance.now();
        for (const watch of [...watchers]) watch();
        // Whoever waited for this looks at it before the next frame comes.
        setImmediate(shown);
      }),
    );
  const frames = wholeFrames();
  let showing = Promise.resolve();
  const enqueue = (pieces: readonly string[]) => {
    for (const piece of pieces) showing = showing.then(() => show(piece));
  };
  child.onData((data) => {
    bytes += data;
    enqueue(frames.push(data));
  });
  // Programs ask the terminal where the cursor is, and wait for the answer.
  emulator.onData((reply) => {
    if (!ended) child.write(reply);
  });
  const exited = new Promise<Exit>((resolve) => {
    child.onExit(({ exitCode, signal }) => {
      enqueue(frames.rest());
      void showing.then(() => {
        ended = true;
        resolve({ code: exitCode, signal: signal === 0 ? undefined : signal });
        for (const watch of [...watchers]) watch();
      });
    });
  });

  const lines = (from: number, to: number): string => {
    const texts: string[] = [];
    for (let y = from; y < to; y++) texts.push(emulator.buffer.active.getLine(y)?.translateToString(true) ?? '');
    return texts.join('\n').trimEnd();
  };
  const screen = () => lines(emulator.buffer.active.baseY, emulator.buffer.active.baseY + emulator.rows);
  const scrollback = () => lines(0, emulator.buffer.active.length);

  const until = (read: () => string, accept: (text: string) => boolean, wanted: string, timeoutMs: number) =>
    new Promise<string>((resolve, reject) => {
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        watchers.delete(check);
        settle();
      };
      const describe = (why: string) => new Error(`${why} for ${wanted}. The terminal shows:\n${read()}`);
      const check = () => {
        const text = read();
        if (accept(text)) finish(() => resolve(text));
        else if (ended) finish(() => reject(describe('The program ended while waiting')));
      };
      const timer = setTimeout(() => finish(() => reject(describe(`Waited ${timeoutMs} ms`))), timeoutMs);
      watchers.add(check);
      check();
    });

  const type = createHand({ write: (input) => child.write(input), shownAt: () => shownAt, isEnded: () => ended });

  const close = async () => {
    if (!ended) child.kill('SIGKILL');
    await exited;
    emulator.dispose();
  };

  return {
    pid: child.pid,
    screen,
    scrollback,
    raw: () => bytes,
    cell(row, column) {
      const cell = emulator.buffer.active.getLine(emulator.buffer.active.baseY + row)?.getCell(column);
      if (cell === undefined) throw new Error(`No cell at ${row}, ${column}`);
      return {
        text: cell.getChars(),
        bold: cell.isBold() !== 0,
        dim: cell.isDim() !== 0,
        inverse: cell.isInverse() !== 0,
        underline: cell.isUnderline() !== 0,
        italic: cell.isItalic() !== 0,
        width: cell.getWidth(),
        foreground: cell.isFgDefault() ? undefined : cell.getFgColor(),
        background: cell.isBgDefault() ? undefined : cell.getBgColor(),
      };
    },
    locate(text) {
      const shown = screen().split('\n');
      const row = shown.findIndex((line) => line.includes(text));
      const column = shown[row]?.indexOf(text);
      if (column === undefined) throw new Error(`"${text}" is not on the screen:\n${shown.join('\n')}`);
      return { row, column };
    },
    buffer: () => emulator.buffer.active.type,
    waitFor: (expected, timeoutMs = 60_000) => until(screen, accepts(expected), String(expected), timeoutMs),
    waitUntilGone: (expected, timeoutMs = 60_000) =>
      until(screen, (text) => !accepts(expected)(text), `${expected} to go`, timeoutMs),
    waitForOutput: (expected, timeoutMs = 60_000) => until(scrollback, accepts(expected), String(expected), timeoutMs),
    write: type,
    paste: (input) => child.write(input),
    press(...names) {
      for (const name of names) type(keys[name]);
    },
    resize(nextColumns, nextRows) {
      emulator.resize(nextColumns, nextRows);
      child.resize(nextColumns, nextRows);
    },
    signal: (name) => child.kill(name),
    // What closes the window is there, and not in the declarations.
    hangUp: () => (child as IPty & { destroy(): void }).destroy(),
    exited,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function accepts(expected: Expectation): (text: string) => boolean {
  if (typeof expected === 'string') return (text) => text.includes(expected);
  if (typeof expected === 'function') return expected;
  return (text) => expected.test(text);
}
