import type { FindCall } from '../protocol/dialect.ts';
import { isServerError, type JudgedFailure } from '../task/failure.ts';
import type { TaskSnapshot } from '../task/task.ts';
import type { ClientContext } from './client-context.ts';
import type { Follower } from './followed-task.ts';
import { failureOf } from './place-call.ts';

/** Enough pages: servers list the newest tasks first. */
const MAX_PAGES = 5;
/** Delays of retries: the connection may have dropped with the response, and may reopen soon. */
const RETRIES_MS = [500, 1_000, 2_000];

/** Looks for the task of a call whose response was lost, if the protocol allows it, and reports the result. */
export async function findCall(follower: Follower, around: ClientContext, failure: JudgedFailure): Promise<void> {
  const { find } = follower.dialect;
  const snapshot = find === undefined ? undefined : await searchTask(follower, around, find);
  if (snapshot === undefined) await follower.dispatch({ type: 'call-lost', failure }, { saveWithoutLease: true });
  else await follower.dispatch({ type: 'task-observed', snapshot, polled: false }, { saveWithoutLease: true });
}

async function searchTask(
  follower: Follower,
  around: ClientContext,
  find: FindCall,
): Promise<TaskSnapshot | undefined> {
  for (const delayMs of [0, ...RETRIES_MS]) {
    if (delayMs > 0) await new Promise<void>((resolve) => around.clock.schedule(delayMs, resolve));
    if (follower.isLeft) return undefined;
    try {
      return await readPages(follower, around, find);
    } catch (error) {
      if (isServerError(failureOf(error))) return undefined;
      // Else the connection is still down.
    }
  }
  return undefined;
}

async function readPages(follower: Follower, around: ClientContext, find: FindCall): Promise<TaskSnapshot | undefined> {
  const { connection, gate, requestTimeoutMs: timeoutMs } = around;
  const { signal, life, record } = follower;
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { method, params } = find.ask(record.id, cursor);
    const raw = await gate.run(() => connection.request(method, params, { signal, timeoutMs }), life);
    const decoded = find.decode(raw, record.id);
    if (decoded.kind !== 'value') return undefined;
    const [found] = decoded.value.items;
    cursor = decoded.value.next;
    if (found !== undefined || cursor === undefined) return found;
  }
  return undefined;
}
