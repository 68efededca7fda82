import type { TaskDialect } from '../protocol/dialect.ts';
import type { JsonObject } from '../task/json.ts';
import type { ClientContext } from './client-context.ts';
import type { Follower } from './followed-task.ts';
import type { CallEvent, Placement } from './place-call.ts';

/** Servers reply at once to a call that becomes a task. A call without a reply after this time, in ms, is plain. */
const TASK_WITHIN_MS = 10_000;

const MESSAGE = 'The server was asked to cancel the call, and sent no result: it may have run';
const ASKED_TO_CANCEL: CallEvent = {
  type: 'call-settled',
  outcome: { status: 'unknown', error: { code: null, message: MESSAGE } },
};

/**
 * Cancels the request of a call that can no longer become a task: only this stops it. An aborted `cancel` is that of a
 * call that has ended; its abort also ends the wait.
 */
export function cancelCall(
  follower: Follower,
  { connection, clock }: ClientContext,
  placement: Placement,
  cancel: AbortController,
): void {
  const plainMs = plainAfter(follower.dialect, connection.negotiated.capabilities, placement);
  if (plainMs === undefined || cancel.signal.aborted) return;
  const waitMs = follower.known.createdAt + plainMs - clock.now();
  if (waitMs <= 0) {
    cancel.abort(ASKED_TO_CANCEL);
    return;
  }
  const unschedule = clock.schedule(waitMs, () => cancel.abort(ASKED_TO_CANCEL));
  cancel.signal.addEventListener('abort', unschedule, { once: true });
}

/** How long the reply to the call may still be a task, in ms; undefined: without limit. */
function plainAfter(
  dialect: TaskDialect,
  capabilities: JsonObject,
  { asTask, orAsTask }: Placement,
): number | undefined {
  if (asTask || orAsTask === true || dialect.find !== undefined) return undefined;
  return !dialect.traits.callsAsTask && dialect.hasTasks(capabilities) ? TASK_WITHIN_MS : 0;
}
