import { type FollowedTask, openQuestions } from '@mcp-tasks/client';
import { aborted } from '../aborted.ts';
import type { Context } from '../context.ts';
import { safeText } from '../display/safe-text.ts';
import { abortAfter } from '../timers.ts';
import { printIfSlow } from './print-if-slow.ts';
import type { Session } from './session.ts';

/** Maximum wait for an expected question (next poll or newly opened stream), in ms. */
const MOST_MS = 10_000;

/**
 * Waits for the task's open question. A 2025-11-25 server sends questions on a stream that opens after a poll reported
 * `input_required`, so they arrive later.
 */
export async function awaitQuestion(
  session: Pick<Session, 'context' | 'printer'>,
  handle: FollowedTask,
): Promise<void> {
  if (handle.latest.phase !== 'open' || hasQuestion(handle)) return;
  const { clock, interrupt } = session.context;
  const limit = abortAfter(clock, MOST_MS);
  const left = aborted(AbortSignal.any([interrupt, limit.signal]));
  const server = safeText(handle.latest.server.label);
  const text = `${handle.id}  waiting for the question of ${server}; Ctrl-C leaves the task as it is`;
  await printIfSlow(session, Promise.race([pollForQuestion(handle), left]), text).finally(limit.cancel);
}

async function pollForQuestion(handle: FollowedTask): Promise<void> {
  await handle.refresh();
  if (handle.latest.status === 'input_required' && !hasListedRequest(handle)) await nextQuestion(handle);
}

/** Resolves when a question arrives or the status is no longer `input_required`. */
async function nextQuestion(handle: FollowedTask): Promise<void> {
  for await (const update of handle.updates()) {
    if (update.kind === 'question' || handle.latest.status !== 'input_required') return;
  }
}

function hasQuestion({ latest: record }: FollowedTask): boolean {
  return Object.keys(openQuestions(record)).length > 0;
}

/** Counts answered questions that are still listed: no more questions are expected then. */
function hasListedRequest({ latest: record }: FollowedTask): boolean {
  return Object.keys(record.inputRequests).length > 0;
}

/** Maximum time for an answer to show in the task's status, in ms. */
const KEEP_MS = 5_000;

/**
 * Keeps the stream of an answer (2025-11-25) open until the task's status changes: a server reads a stream that ends
 * early as a decline.
 */
export async function keepStream(
  { clock, interrupt }: Pick<Context, 'clock' | 'interrupt'>,
  handle: FollowedTask,
): Promise<void> {
  const isUnderway = ({ latest: record }: FollowedTask): boolean =>
    record.phase === 'open' &&
    Object.values(record.ledger).some((entry) => entry.state === 'acknowledged' && entry.response !== undefined);
  const limit = abortAfter(clock, KEEP_MS);
  const left = aborted(AbortSignal.any([interrupt, limit.signal]));
  const untilStatusChanges = async (): Promise<void> => {
    for await (const _ of handle.updates()) if (!isUnderway(handle)) return;
  };
  if (isUnderway(handle)) await Promise.race([untilStatusChanges(), left]);
  limit.cancel();
}
