import type { Clock } from '@mcp-tasks/client';
import type { Settings } from './settings/settings.ts';

/** The line to the process that started us as a background keeper. */
export interface ParentLink {
  receive(): Promise<unknown>;
  send(message: unknown): void;
  disconnect(): void;
}

/** What a person wants after Ctrl-C. */
export type LeaveWish = 'leave' | 'stay';

/** All that a command may touch of its process and machine. Only `bin.ts` makes one from the real process. */
export interface Context {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly homeDirectory: string;
  readonly platform: NodeJS.Platform;
  /** The Node.js that runs us, and our own bin: what starts another of us. */
  readonly execPath: string;
  readonly binPath: string;
  readonly version: string;
  readonly pid: number;
  readonly now: () => number;
  /** Every timer of a command and its session runs on it. */
  readonly clock: Clock;
  /** Aborted by the first Ctrl-C that is not held up. */
  readonly interrupt: AbortSignal;
  /** Until it is released, Ctrl-C asks this first; a second one meanwhile leaves at once. */
  readonly guardInterrupt: (ask: () => Promise<LeaveWish>) => () => void;
  /** After Ctrl-C in a form, which is no signal: whatever still hangs in a second is left behind. */
  readonly endSoon: () => void;
  readonly parent?: ParentLink;
  /** The person's own settings file; absent where no command reads it. */
  readonly settings?: Settings;
}

/** Flags that every command understands. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly verbose?: boolean;
  /** `--no-ui` */
  readonly ui?: boolean;
}

/** Where a person can be asked something, if anywhere: results may be piped away while the terminal is still there. */
export function personTerminal(context: Context, flags: CommonFlags): NodeJS.WriteStream | undefined {
  // Forms are drawn in place, which a dumb terminal (that of an editor, say) cannot show.
  const { MCP_TASKS_NO_UI, CI, TERM } = context.env;
  const isCi = CI !== undefined && !['', '0', 'false'].includes(CI);
  if (flags.ui === false || MCP_TASKS_NO_UI || isCi || TERM === 'dumb') return undefined;
  if (!context.stdin.isTTY) return undefined;
  if (context.stdout.isTTY) return context.stdout;
  return context.stderr.isTTY ? context.stderr : undefined;
}

export function usesColor(context: Context, stream: NodeJS.WriteStream): boolean {
  if (context.env.NO_COLOR) return false;
  if (context.env.FORCE_COLOR) return context.env.FORCE_COLOR !== '0';
  const { colors = 'auto' } = context.settings ?? {};
  if (colors !== 'auto') return colors === 'always';
  return stream.isTTY === true;
}

/** Whether the terminal says that it can show more than ASCII. */
export function usesUnicode(context: Context): boolean {
  if (context.platform === 'win32') return context.env.WT_SESSION !== undefined;
  const locale = context.env.LC_ALL || context.env.LC_CTYPE || context.env.LANG || '';
  return context.env.TERM !== 'linux' && (locale === '' || /utf-?8/i.test(locale)) && locale !== 'C';
}
