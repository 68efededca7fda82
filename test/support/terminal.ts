import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { createTypist } from './typist.ts';
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
  /** Width in columns: 2 for wide characters, 0 for the column after one. */
  readonly width: number;
  /** A palette number or 0xRRGGBB; `undefined` for the default colour. */
  readonly foreground: number | undefined;
  readonly background: number | undefined;
}

/** Bytes of named keys; other text is typed unchanged. */
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

/** A program in a real pseudo-terminal, with an emulator of the screen. */
export interface Terminal {
  readonly pid: number;
  /** The visible screen, without trailing blanks. */
  screen(): string;
  /** All output since the start, including scrolled lines. */
  scrollback(): string;
  /** All bytes received. */
  raw(): string;
  cell(row: number, column: number): Cell;
  /** Position of a text on the screen; throws when it is missing. */
  locate(text: string): { readonly row: number; readonly column: number };
  buffer(): 'normal' | 'alternate';
  /** Resolves with the screen when it shows this. Waits for content, never for a duration. */
  waitFor(expected: Expectation, timeoutMs?: number): Promise<string>;
  /** Resolves when the screen no longer shows this. */
  waitUntilGone(expected: string | RegExp, timeoutMs?: number): Promise<string>;
  /** Like `waitFor`, over all output since the start. */
  waitForOutput(expected: Expectation, timeoutMs?: number): Promise<string>;
  /** Types like a person: Enter is sent alone, half a second after the text before it. */
  write(input: string): void;
  /** Sends the text in one piece, as a terminal without bracketed paste does. */
  paste(input: string): void;
  press(...names: readonly (keyof typeof keys)[]): void;
  resize(columns: number, rows: number): void;
  signal(name: NodeJS.Signals): void;
  /** Closes the window: sends SIGHUP and removes the terminal. */
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
        // The waiting test reads the screen before the next frame arrives.
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
  // Answers the program's cursor position queries.
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

  const type = createTypist({ write: (input) => child.write(input), shownAt: () => shownAt, isEnded: () => ended });

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
    // `destroy` exists but is missing from the type declarations.
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
