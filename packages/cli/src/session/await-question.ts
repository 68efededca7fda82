import { type FollowedTask, openQuestions } from '@mcp-tasks/client';
import { aborted } from '../aborted.ts';
import { safeText } from '../display/safe-text.ts';
import type { Session } from './session.ts';

/** Longest wait for a question that is on its way: the next poll, or a stream that has just been opened. */
const MOST_MS = 10_000;
/** When somebody who waits wants to know for what. */
const SLOW_MS = 2_000;

/**
 * Looks for what a task asks now. A server of 2025-11-25 puts its questions on a stream that is opened after a poll has
 * said that there are some, so that they come a moment later.
 */
export async function awaitQuestion({ context, printer }: Session, handle: FollowedTask): Promise<void> {
  if (handle.latest.phase !== 'open' || hasQuestion(handle)) return;
  const slow = setTimeout(() => {
    const server = safeText(handle.latest.server.label);
    printer.line(`${handle.id}  waiting for ${server} to say what it asks; Ctrl-C leaves the task as it is`);
  }, SLOW_MS);
  const signal = AbortSignal.any([context.interrupt, AbortSignal.timeout(MOST_MS)]);
  const left = aborted(signal);
  try {
    await Promise.race([handle.refresh(), left]);
    if (handle.latest.status === 'input_required' && !hasAnything(handle))
      await Promise.race([questionOf(handle), left]);
  } finally {
    clearTimeout(slow);
  }
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
export async function keepStream(handle: FollowedTask, interrupt: AbortSignal): Promise<void> {
  const isUnderway = ({ latest: record }: FollowedTask): boolean =>
    record.phase === 'open' &&
    Object.values(record.ledger).some((entry) => entry.state === 'acknowledged' && entry.response !== undefined);
  const signal = AbortSignal.any([interrupt, AbortSignal.timeout(KEEP_MS)]);
  const left = aborted(signal);
  const goesOn = async (): Promise<void> => {
    for await (const _ of handle.updates()) if (!isUnderway(handle)) return;
  };
  if (isUnderway(handle)) await Promise.race([goesOn(), left]);
}
