import { type FollowedTask, openQuestions } from '@mcp-tasks/client';
import { aborted } from '../aborted.ts';
import type { Context } from '../context.ts';
import { safeText } from '../display/safe-text.ts';
import { abortAfter } from '../timers.ts';
import { saySlowly } from './say-slowly.ts';
import type { Session } from './session.ts';

/** The longest wait for a question that is on its way: with the next poll, or on a stream that was just opened. */
const MOST_MS = 10_000;

/**
 * Looks for what a task asks now. A server of 2025-11-25 puts its questions on a stream that is opened after a poll has
 * said that there are some, so that they come a moment later.
 */
export async function awaitQuestion(
  session: Pick<Session, 'context' | 'printer'>,
  handle: FollowedTask,
): Promise<void> {
  if (handle.latest.phase !== 'open' || hasQuestion(handle)) return;
  const { clock, interrupt } = session.context;
  const enough = abortAfter(clock, MOST_MS);
  const left = aborted(AbortSignal.any([interrupt, enough.signal]));
  const server = safeText(handle.latest.server.label);
  const text = `${handle.id}  waiting for ${server} to say what it asks; Ctrl-C leaves the task as it is`;
  await saySlowly(session, Promise.race([look(handle), left]), text).finally(enough.cancel);
}

async function look(handle: FollowedTask): Promise<void> {
  await handle.refresh();
  if (handle.latest.status === 'input_required' && !hasAnything(handle)) await questionOf(handle);
}

/** Resolves when something is asked, or the task asks nothing any more. */
async function questionOf(handle: FollowedTask): Promise<void> {
  for await (const update of handle.updates()) {
    if (update.kind === 'question' || handle.latest.status !== 'input_required') return;
  }
}

function hasQuestion({ latest: record }: FollowedTask): boolean {
  return Object.keys(openQuestions(record)).length > 0;
}

/** Also what was answered already and is still listed: then nothing more is on its way. */
function hasAnything({ latest: record }: FollowedTask): boolean {
  return Object.keys(record.inputRequests).length > 0;
}

/** How long an answer may take to show in what the server says of the task. */
const KEEP_MS = 5_000;

/**
 * Keeps the stream on which an answer went out (2025-11-25) until the task is seen to go on: a server takes a stream that
 * ends before it has read the answer for a person who declines.
 */
export async function keepStream(
  { clock, interrupt }: Pick<Context, 'clock' | 'interrupt'>,
  handle: FollowedTask,
): Promise<void> {
  const isUnderway = ({ latest: record }: FollowedTask): boolean =>
    record.phase === 'open' &&
    Object.values(record.ledger).some((entry) => entry.state === 'acknowledged' && entry.response !== undefined);
  const enough = abortAfter(clock, KEEP_MS);
  const left = aborted(AbortSignal.any([interrupt, enough.signal]));
  const goesOn = async (): Promise<void> => {
    for await (const _ of handle.updates()) if (!isUnderway(handle)) return;
  };
  if (isUnderway(handle)) await Promise.race([goesOn(), left]);
  enough.cancel();
}
