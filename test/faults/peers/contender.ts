import { fileURLToPath } from 'node:url';

export const CONTENDERS = ['ours', 'ext-tasks', 'sdk-v1'] as const;
export type ContenderName = (typeof CONTENDERS)[number];

export const TITLES: Readonly<Record<ContenderName, string>> = {
  ours: '@mcp-tasks/client',
  'ext-tasks': 'ext-tasks 0.2.2',
  'sdk-v1': 'SDK 1.x `callToolStream`',
};

/** Instructions for a client under test. */
export interface Instructions {
  readonly contender: ContenderName;
  readonly url: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Answer questions, or register no handler. */
  readonly questions: 'accept' | 'no handler';
  /**
   * Call and wait; call, then close while the task runs; or resume the call of an earlier process, with only the
   * client's own memory or with the notes of its host.
   */
  readonly act: 'call' | 'close early' | 'resume' | 'resume from notes';
  /** A directory shared with the client's next process. */
  readonly home: string;
}

/** Output lines of a client under test. */
export type ClientEvent =
  /** Connected and about to call: the measurement starts here. */
  | { readonly kind: 'calling' }
  | { readonly kind: 'task'; readonly taskId: string }
  | { readonly kind: 'asked' }
  | { readonly kind: 'closed' }
  /** The end, in the client's terms. */
  | { readonly kind: 'ended'; readonly status: string; readonly text?: string | undefined };

export type Report = (event: ClientEvent) => void;

export const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
export const YES = { action: 'accept', content: { fine: true } } as const;
/** Request timeout, in ms, for clients whose host can set it. */
export const REQUEST_TIMEOUT_MS = 10_000;
