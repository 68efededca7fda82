import chalk from 'chalk';
import { type Instance, render, renderToString } from 'ink';
import type { Line } from '../view/line.ts';
import type { Size } from '../view/size.ts';
import type { Theme } from '../view/theme.ts';
import { CLEAR, CLOSE, OPEN, sizeOf } from './alternate-screen.ts';
import { App, type AppProps } from './app.tsx';
import { inkStdin } from './ink-stdin.ts';
import type { OpeningScreen } from './opening-screen.ts';
import { Rows } from './rows.tsx';

// Ink detects colours on standard output, but a form may be on standard error; `theme` already has the result.
chalk.level = 1;

export interface ShowOptions extends AppProps {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly onResize: (size: Size) => void;
  /** Called on a terminating signal, or when the terminal closes. */
  readonly onInterrupt: () => void;
  readonly onError: (error: unknown) => void;
  /** The opening screen, if it is already shown. */
  readonly opening?: OpeningScreen | undefined;
}

/** The app on the alternate screen: the normal screen stays unchanged. */
export interface ShownApp {
  /** Ctrl-Z: gives the terminal to the shell until the process continues. */
  suspend(): void;
  /** Gives the terminal to another program until `use` ends. */
  lend(use: () => Promise<void>): Promise<void>;
  ring(): void;
  /** Copies to the clipboard, if the terminal supports OSC 52. */
  copy(text: string): void;
  /** Restores screen and cursor, and keeps the keyboard until `release`. */
  close(): void;
  /** Restores line mode and lets the process exit. */
  release(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

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
    // Ink draws before it listens: without raw mode a key pressed in between would go to the terminal.
    stdin.setRawMode(true);
    // Write OPEN once: a second time would overwrite the saved cursor of the normal screen.
    if (ink === undefined && options.opening?.handOver() !== true) stdout.write(OPEN);
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
    // Terminals differ in what remains after a resize: start from an empty screen.
    open();
  };
  // After Ctrl-Z or a stop, another program may have used the terminal.
  const onContinue = () => {
    options.onResize(sizeOf(stdout));
    open();
  };
  // Ctrl-C goes to the program that has the terminal.
  const onSignal = (signal: NodeJS.Signals) => {
    if (!isLent || signal !== 'SIGINT') options.onInterrupt();
  };
  const close = () => {
    if (closed) return;
    closed = true;
    process.off('exit', onExit);
    process.off('SIGCONT', onContinue);
    // Wait until Ink has handled a signal that is arriving: without our listener it would exit the process.
    setImmediate(() => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    });
    stdout.off('resize', onResize);
    stdin.off('end', options.onInterrupt);
    pause();
  };

  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on('SIGCONT', onContinue);
  // Restore the terminal however the process ends.
  process.on('exit', onExit);
  stdout.on('resize', onResize);
  stdin.on('end', options.onInterrupt);
  open();
  return {
    suspend() {
      if (closed || process.platform === 'win32') return;
      pause();
      stdin.setRawMode(false);
      // Stop the whole process group, as the terminal does: a parent waits for all of it.
      process.kill(0, 'SIGTSTP');
      // Runs after the process continues, or at once if nothing can continue it.
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

/** Lines as text for the normal screen. */
export function printedRows(lines: readonly Line[], theme: Theme, columns: number): string {
  return lines.length === 0 ? '' : `${renderToString(<Rows lines={lines} theme={theme} />, { columns })}\n`;
}

/** Hides the terminal's height from Ink, which clears the scrollback after a frame as high as the terminal. */
function withoutHeight(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  return new Proxy(stdout, {
    get(target, name) {
      if (name === 'rows') return Number.POSITIVE_INFINITY;
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
