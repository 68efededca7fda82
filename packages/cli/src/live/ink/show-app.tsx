import chalk from 'chalk';
import { type Instance, render, renderToString } from 'ink';
import type { Line } from '../view/line.ts';
import type { Theme } from '../view/theme.ts';
import { App, type AppProps } from './app.tsx';
import { inkStdin } from './ink-stdin.ts';
import { Rows } from './rows.tsx';

// Ink asks standard output what it can show; a form may be on standard error, and `theme` already knows.
chalk.level = 1;

/** The alternate screen without wrapping, and pastes with marks around them. */
const OPEN = '\u001b[?1049h\u001b[?7l\u001b[?2004h';
const CLEAR = '\u001b[H\u001b[2J';
const CLOSE = '\u001b[0m\u001b[?2004l\u001b[?7h\u001b[?25h\u001b[?1049l';

export interface ShowOptions extends AppProps {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly onResize: (size: Size) => void;
  /** A signal that wants us gone, or a terminal that went away. */
  readonly onInterrupt: () => void;
  readonly onError: (error: unknown) => void;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The app on the alternate screen: what a person had before stays untouched beneath. */
export interface ShownApp {
  /** Ctrl-Z: the shell gets the terminal until the person comes back. */
  suspend(): void;
  /** Another program has the terminal until this has ended. */
  lend(use: () => Promise<void>): Promise<void>;
  ring(): void;
  /** To the clipboard, where the terminal takes it (OSC 52). */
  copy(text: string): void;
  /** The screen and the cursor as before. The keyboard stays ours until `release`. */
  close(): void;
  /** Line mode; nothing of us keeps the process alive. */
  release(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** What a frame may fill. Ink ends each with a line break, so the last row of the terminal has to stay free. */
export function sizeOf(stdout: NodeJS.WriteStream): Size {
  return { columns: stdout.columns || 80, rows: Math.max(1, (stdout.rows || 24) - 1) };
}

export function showApp(options: ShowOptions): ShownApp {
  const { stdin, stdout } = options;
  const app = <App source={options.source} theme={options.theme} onKey={options.onKey} />;
  const keyboard = inkStdin(stdin);
  const screen = withoutHeight(stdout);
  let ink: Instance | undefined;
  let closed = false;

  let isLent = false;

  const open = () => {
    if (closed || isLent) return;
    // Ink draws first and listens then; a key pressed between the two would be the terminal's.
    stdin.setRawMode(true);
    // Once: a second time it would save the cursor of this screen over that of the normal one.
    if (ink === undefined) stdout.write(OPEN);
    ink?.unmount();
    stdout.write(CLEAR);
    ink = render(app, { stdin: keyboard, stdout: screen, exitOnCtrlC: false, patchConsole: false, maxFps: 60 });
    ink.waitUntilExit().catch(options.onError);
  };
  const pause = () => {
    ink?.unmount();
    ink = undefined;
    stdout.write(CLOSE);
  };
  const release = () => {
    stdin.setRawMode(false);
    stdin.pause();
  };
  const onExit = () => {
    close();
    release();
  };
  const onResize = () => {
    options.onResize(sizeOf(stdout));
    // Terminals disagree about what a resize leaves where: begin on an empty screen.
    open();
  };
  // Back from Ctrl-Z or a stop: the terminal was someone else's meanwhile.
  const onContinue = () => {
    options.onResize(sizeOf(stdout));
    open();
  };
  // Ctrl-C is for the program that has the terminal.
  const onSignal = (signal: NodeJS.Signals) => {
    if (!isLent || signal !== 'SIGINT') options.onInterrupt();
  };
  const close = () => {
    if (closed) return;
    closed = true;
    process.off('exit', onExit);
    process.off('SIGCONT', onContinue);
    // Not before Ink has let go of a signal that is just arriving: it would take itself for the only one to hear it.
    setImmediate(() => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    });
    stdout.off('resize', onResize);
    stdin.off('end', options.onInterrupt);
    pause();
  };

  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on('SIGCONT', onContinue);
  // Whatever else ends the process, the terminal is handed back.
  process.on('exit', onExit);
  stdout.on('resize', onResize);
  stdin.on('end', options.onInterrupt);
  open();
  return {
    suspend() {
      if (closed || process.platform === 'win32') return;
      pause();
      stdin.setRawMode(false);
      // The whole group, as the terminal itself would do it: whoever started us waits for all of it to stop.
      process.kill(0, 'SIGTSTP');
      // Runs when we are back; or at once, where nobody could bring us back.
      setImmediate(onContinue);
    },
    async lend(use) {
      pause();
      stdin.setRawMode(false);
      stdin.pause();
      isLent = true;
      await use();
      isLent = false;
      onContinue();
    },
    copy(text) {
      stdout.write(`\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`);
    },
    ring() {
      stdout.write('\u0007');
    },
    close,
    release,
  };
}

/** Lines for the normal screen, where they stay. */
export function printedRows(lines: readonly Line[], theme: Theme, columns: number): string {
  return lines.length === 0 ? '' : `${renderToString(<Rows lines={lines} theme={theme} />, { columns })}\n`;
}

/** Where a frame was ever as high as the terminal, Ink clears the terminal, and with it what had been scrolled away. */
function withoutHeight(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  return new Proxy(stdout, {
    get(target, name) {
      if (name === 'rows') return Number.POSITIVE_INFINITY;
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
