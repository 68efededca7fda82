import type { Clock } from '@mcp-tasks/client';
import type { Settings } from './settings/settings.ts';

/** Connection of a keeper to the process that started it. */
export interface ParentLink {
  receive(): Promise<unknown>;
  send(message: unknown): void;
  disconnect(): void;
}

/** A person's choice after Ctrl-C. */
export type LeaveChoice = 'leave' | 'stay';

/** The process and machine as commands may use them. Only `run-process.ts` makes one from the real process. */
export interface Context {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly homeDirectory: string;
  readonly platform: NodeJS.Platform;
  /** Node.js executable and `bin` script, to start another mcp-tasks. */
  readonly execPath: string;
  readonly binPath: string;
  readonly version: string;
  readonly pid: number;
  readonly now: () => number;
  /** Clock of every timer of a command and its session. */
  readonly clock: Clock;
  /** Aborted by the first Ctrl-C that no guard holds back. */
  readonly interrupt: AbortSignal;
  /** Ctrl-C calls `ask` first until the returned function is called; a second Ctrl-C meanwhile exits at once. */
  readonly guardInterrupt: (ask: () => Promise<LeaveChoice>) => () => void;
  /** Exits about a second after a Ctrl-C that a form read as a key, even if work hangs. */
  readonly endSoon: () => void;
  readonly parent?: ParentLink;
  /** The person's settings file; absent if the command does not use it. */
  readonly settings?: Settings;
}

/** Flags of every command. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly verbose?: boolean;
  /** `--no-ui` */
  readonly ui?: boolean;
}

/** The same context with the person's settings. Does not open its streams. */
export function withSettings(context: Context, settings: Settings): Context {
  const same = Object.create(null, Object.getOwnPropertyDescriptors(context)) as Context;
  return Object.defineProperty(same, 'settings', { value: settings, enumerable: true });
}

/** Terminal for prompts, if there is one: with results piped away, standard error may still be a terminal. */
export function personTerminal(context: Context, flags: CommonFlags): NodeJS.WriteStream | undefined {
  // Forms are redrawn in place, which a dumb terminal (an editor's, say) cannot do.
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

/** True if the terminal can show more than ASCII. */
export function usesUnicode(context: Context): boolean {
  if (context.platform === 'win32') return context.env.WT_SESSION !== undefined;
  const locale = context.env.LC_ALL || context.env.LC_CTYPE || context.env.LANG || '';
  return context.env.TERM !== 'linux' && (locale === '' || /utf-?8/i.test(locale)) && locale !== 'C';
}
