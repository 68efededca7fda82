import type { FollowedTask, Outcome, TaskUpdate } from '@mcp-tasks/client';
import { answerCommands } from '../display/next-command.ts';
import { unanswerableReason } from '../display/question-text.ts';
import { eventOf } from '../display/task-events.ts';
import { lineOfUpdate } from '../display/task-lines.ts';
import { createQuestionQueue, type PersonToAsk } from './question-queue.ts';
import type { Session } from './session.ts';
import { createThrottle } from './throttle.ts';
import { createWaitingLine } from './waiting-line.ts';

export interface FollowOptions {
  readonly timeoutMs?: number | undefined;
  /** Keeps waiting when only open questions remain, for an answer from another process. */
  readonly keepWaiting?: boolean | undefined;
  /** Prints one JSON event per line on standard output. */
  readonly events?: boolean | undefined;
  /** Several tasks are followed at once: this one has no live line. */
  readonly isOneOfSeveral?: boolean | undefined;
  /** Stops following, in addition to Ctrl-C. */
  readonly signal?: AbortSignal | undefined;
  /** The person at the terminal; without one, open questions end the waiting. */
  readonly person?: PersonToAsk | undefined;
}

/** Follows one task to its outcome and prints each update. Never answers or cancels by itself. */
export async function followTask(session: Session, handle: FollowedTask, options: FollowOptions): Promise<Outcome> {
  const { context, printer } = session;
  const left = new AbortController();
  const questions =
    options.person === undefined ? undefined : createQuestionQueue(handle, options.person, () => left.abort());
  const isLive = options.isOneOfSeveral !== true && printer.isLive;
  const waiting = isLive ? createWaitingLine(session) : undefined;
  const isProgressDue = createThrottle(context.now, PROGRESS_MS);
  let lastState: string | undefined;
  waiting?.show(handle.latest);
  const printing = printUpdates();

  async function printUpdates(): Promise<void> {
    for await (const update of handle.updates()) {
      if (update.kind !== 'question' || unanswerableReason(update.question.request) === undefined)
        questions?.onUpdate(update);
      if (options.events === true && update.kind !== 'settled') printer.event(eventOf(update));
      waiting?.show(update.record);
      const line = lineOfUpdate(update);
      if (line !== undefined && isPrinted(update)) printer.line(line);
      // Without a form, print the commands that answer the question.
      if (update.kind === 'question' && options.keepWaiting === true && questions === undefined) {
        for (const next of answerCommands(update.record)) printer.line(next);
      }
    }
  }

  /** On a terminal the live line shows progress; each new status is a permanent line. */
  function isPrinted({ kind, record }: TaskUpdate): boolean {
    if (kind === 'progress') return !isLive && isProgressDue();
    if (kind !== 'status' || !isLive) return true;
    const state = `${record.status} ${record.cancelRequestedAt !== undefined}`;
    const isNews = state !== lastState;
    lastState = state;
    return isNews;
  }

  const signals = [context.interrupt, left.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const outcome = await handle.outcome({
    signal: AbortSignal.any(signals),
    stopOnInput: options.keepWaiting !== true && questions === undefined,
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: Math.max(1, options.timeoutMs) }),
  });
  questions?.end();
  waiting?.end();
  handle.detach();
  await printing;
  await questions?.idle();
  // The task can end without waiting for the answer: prefer the recorded outcome.
  return outcome.status === 'input_required' ? (handle.latest.outcome ?? outcome) : outcome;
}

const PROGRESS_MS = 5_000;
