import type { CallAnswer, FollowedTask, JsonObject, TaskClient, TaskRecord } from '@mcp-tasks/client';
import { aborted } from '../../aborted.ts';
import { parseDuration } from '../../display/duration.ts';
import { namesForRerun } from '../../session/rerun-names.ts';
import type { Session } from '../../session/session.ts';
import { settleAsRerun } from '../../session/settle-as-rerun.ts';
import { abortAfter, pause } from '../../timers.ts';
import type { CallFlags } from './call-flags.ts';
import { watchCall } from './watch-call.ts';

/** Outcome of sending the call: a reply, an error, or Ctrl-C or the time limit before the reply. */
export type Placed =
  | { readonly kind: 'answered'; readonly task: FollowedTask; readonly answer: CallAnswer; readonly isTitled: boolean }
  | { readonly kind: 'left'; readonly record: TaskRecord; readonly timedOut: boolean; readonly isTitled: boolean }
  | { readonly kind: 'failed'; readonly record: TaskRecord; readonly error: unknown };

/** Time for a reply to arrive after Ctrl-C, in ms. */
const GRACE_MS = 300;

export async function placeCall(
  session: Session<CallFlags>,
  client: TaskClient,
  name: string,
  args: JsonObject,
  { deadline, again }: { readonly deadline: number | undefined; readonly again: TaskRecord | undefined },
): Promise<Placed> {
  const { context, store, flags } = session;
  const task = await client.start({
    name,
    arguments: args,
    ...namesForRerun(again),
    ttlMs: flags.ttl === undefined ? undefined : parseDuration(flags.ttl),
  });
  await settleAsRerun(store, again?.id, task.id, context.now());
  const watching = watchCall(session, task);
  const calling = task.accepted().then(
    (answer): Placed => ({ kind: 'answered', task, answer, isTitled: watching.isTitled() }),
    async (error): Promise<Placed> => {
      const record = await store.read(task.id);
      if (record === undefined) throw error;
      return { kind: 'failed', record, error };
    },
  );
  const { clock, interrupt } = context;
  const limit = deadline === undefined ? undefined : abortAfter(clock, Math.max(1, deadline - context.now()));
  const leave = async (): Promise<Placed> => {
    await aborted(limit === undefined ? interrupt : AbortSignal.any([interrupt, limit.signal]));
    const timedOut = limit?.signal.aborted === true;
    if (!timedOut) await pause(clock, GRACE_MS);
    const record = (await store.read(task.id)) ?? task.latest;
    return { kind: 'left', record, timedOut, isTitled: watching.isTitled() };
  };
  try {
    return await Promise.race([calling, leave()]);
  } finally {
    limit?.cancel();
    watching.end();
  }
}
