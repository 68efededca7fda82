import { fileURLToPath } from 'node:url';

export const CONTENDERS = ['ours', 'ext-tasks', 'sdk-v1'] as const;
export type ContenderName = (typeof CONTENDERS)[number];

export const TITLES: Readonly<Record<ContenderName, string>> = {
  ours: '@mcp-tasks/client',
  'ext-tasks': 'ext-tasks 0.2.2',
  'sdk-v1': 'SDK 1.x `callToolStream`',
};

/** What a client under test is told. */
export interface Errand {
  readonly contender: ContenderName;
  readonly url: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** What to do with a question: answer it, or have no handler for it at all. */
  readonly questions: 'accept' | 'no handler';
  /**
   * Call and wait; call, then close while the task runs; or take up what an earlier process called, with nothing to go
   * by but the client's own memory, or with what its host has written down.
   */
  readonly act: 'call' | 'close early' | 'resume' | 'resume from notes';
  /** A directory that the next process of the same client finds again. */
  readonly home: string;
}

/** What a client under test says, one line each. */
export type Word =
  /** Connected, and about to call: what is measured begins here. */
  | { readonly kind: 'calling' }
  | { readonly kind: 'task'; readonly taskId: string }
  | { readonly kind: 'asked' }
  | { readonly kind: 'closed' }
  /** How it ended, in the client's own terms. */
  | { readonly kind: 'ended'; readonly status: string; readonly words?: string | undefined };

export type Say = (word: Word) => void;

export const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
export const YES = { action: 'accept', content: { fine: true } } as const;
/** Where a client lets its host set the time a request may take, in ms. */
export const REQUEST_TIMEOUT_MS = 10_000;
