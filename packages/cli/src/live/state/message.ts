import type { ToolDescription } from '@mcp-tasks/client';
import type { Alert } from '../../display/task-events.ts';
import type { Key } from '../keys/key.ts';
import type { DeskChange, GivenAnswer, GivenCall, Polling, WorkUnderWay } from '../live-session.ts';

/** An act of a person that the world may refuse. */
export type Act =
  | ({ readonly kind: 'answer' } & GivenAnswer)
  | { readonly kind: 'cancel'; readonly id: string }
  | { readonly kind: 'adopt'; readonly id: string }
  | { readonly kind: 'forget'; readonly id: string }
  | ({ readonly kind: 'call' } & GivenCall)
  | { readonly kind: 'open-url'; readonly url: string };

/** `interrupted` is Ctrl-C: nothing was sent, tasks go on. `settled` is the countdown running out. */
export type EndReason = 'quit' | 'interrupted' | 'settled';

export type Message =
  | { readonly kind: 'key-pressed'; readonly key: Key; readonly at: number }
  | { readonly kind: 'desk-changed'; readonly change: DeskChange; readonly at: number }
  | { readonly kind: 'time-passed'; readonly at: number }
  | { readonly kind: 'resized'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'polling-known'; readonly id: string; readonly polling: Polling }
  /** What was drawn cannot be scrolled further than this. */
  | { readonly kind: 'scroll-limited'; readonly to: number }
  | { readonly kind: 'act-done'; readonly act: Act }
  | { readonly kind: 'act-failed'; readonly act: Act; readonly problem: string }
  | { readonly kind: 'tools-loaded'; readonly fingerprint: string; readonly tools: readonly ToolDescription[] }
  | { readonly kind: 'tools-failed'; readonly fingerprint: string; readonly problem: string }
  /** The text of the field in focus, as the editor left it. */
  | { readonly kind: 'edited'; readonly text: string }
  /** Something to say about what was done, or was not. */
  | { readonly kind: 'told'; readonly text: string; readonly tone: 'plain' | 'bad' }
  /** The work that leaving now concerns. */
  | ({ readonly kind: 'work-found' } & WorkUnderWay);

export type Command =
  | { readonly kind: 'perform'; readonly act: Act }
  | { readonly kind: 'detach'; readonly id: string }
  | { readonly kind: 'follow'; readonly id: string }
  | { readonly kind: 'ask-polling'; readonly id: string }
  | { readonly kind: 'load-tools'; readonly fingerprint: string }
  /** The person goes back to the shell for a while. */
  | { readonly kind: 'suspend' }
  /** To the clipboard of the person's terminal. */
  | { readonly kind: 'copy'; readonly text: string }
  /** In the person's pager. */
  | { readonly kind: 'page'; readonly text: string }
  /** In the person's editor. */
  | { readonly kind: 'edit'; readonly text: string; readonly extension: string }
  /** The result of a task, into files. */
  | { readonly kind: 'save'; readonly id: string }
  /** Look for the work that leaving concerns. */
  | { readonly kind: 'find-work' }
  | { readonly kind: 'alert'; readonly alert: Alert }
  /** `stops`: the servers of what is under way end too. */
  | { readonly kind: 'end'; readonly reason: EndReason; readonly stops?: true };

export type Step<State> = readonly [State, readonly Command[]];
