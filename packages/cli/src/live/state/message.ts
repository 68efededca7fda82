import type { ToolDescription } from '@mcp-tasks/client';
import type { Alert } from '../../display/task-events.ts';
import type { Key } from '../keys/key.ts';
import type { GivenAnswer, GivenCall, LiveChange, Polling, WorkUnderWay } from '../live-session.ts';

/** A person's action, which can fail. */
export type Act =
  | ({ readonly kind: 'answer' } & GivenAnswer)
  | { readonly kind: 'cancel'; readonly id: string }
  | { readonly kind: 'adopt'; readonly id: string }
  | { readonly kind: 'forget'; readonly id: string }
  | ({ readonly kind: 'call' } & GivenCall)
  | { readonly kind: 'open-url'; readonly url: string };

/** `interrupted` is Ctrl-C: nothing is sent, and tasks keep running. `settled` is the end of the countdown. */
export type EndReason = 'quit' | 'interrupted' | 'settled';

export type Message =
  | { readonly kind: 'key-pressed'; readonly key: Key; readonly at: number }
  | { readonly kind: 'live-changed'; readonly change: LiveChange; readonly at: number }
  | { readonly kind: 'time-passed'; readonly at: number }
  | { readonly kind: 'resized'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'polling-known'; readonly id: string; readonly polling: Polling }
  /** Maximum scroll position of the drawn page. */
  | { readonly kind: 'scroll-limited'; readonly to: number }
  | { readonly kind: 'act-done'; readonly act: Act }
  | { readonly kind: 'act-failed'; readonly act: Act; readonly problem: string }
  | { readonly kind: 'tools-loaded'; readonly fingerprint: string; readonly tools: readonly ToolDescription[] }
  | { readonly kind: 'tools-failed'; readonly fingerprint: string; readonly problem: string }
  /** Text of the focused field, as edited. */
  | { readonly kind: 'edited'; readonly text: string }
  /** Message about a finished or failed action. */
  | { readonly kind: 'notice-posted'; readonly text: string; readonly tone: 'plain' | 'bad' }
  /** Running work that the exit affects. */
  | ({ readonly kind: 'work-found' } & WorkUnderWay);

export type Command =
  | { readonly kind: 'perform'; readonly act: Act }
  | { readonly kind: 'detach'; readonly id: string }
  | { readonly kind: 'follow'; readonly id: string }
  | { readonly kind: 'ask-polling'; readonly id: string }
  | { readonly kind: 'load-tools'; readonly fingerprint: string }
  /** Ctrl-Z: suspends to the shell. */
  | { readonly kind: 'suspend' }
  /** Copies to the clipboard of the terminal. */
  | { readonly kind: 'copy'; readonly text: string }
  /** Opens the text in the pager. */
  | { readonly kind: 'page'; readonly text: string }
  /** Opens the text in the editor. */
  | { readonly kind: 'edit'; readonly text: string; readonly extension: string }
  /** Saves a task's result into files. */
  | { readonly kind: 'save'; readonly id: string }
  /** Finds the running work that the exit affects. */
  | { readonly kind: 'find-work' }
  | { readonly kind: 'alert'; readonly alert: Alert }
  /** `stops` also ends the servers of running work. */
  | { readonly kind: 'end'; readonly reason: EndReason; readonly stops?: true };

export type Step<State> = readonly [State, readonly Command[]];
