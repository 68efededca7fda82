import { ConnectionFailure } from '../connect/connection.ts';
import type { Effect as MachineEffect } from '../machine/lifecycle.ts';
import { type Ask, type Decoded, type Reply, refOf } from '../protocol/dialect.ts';
import type { About, Failure, JudgedFailure } from '../task/failure.ts';
import type { JsonValue } from '../task/json.ts';
import type { InputResponse, TaskSnapshot } from '../task/task.ts';
import type { ClientContext } from './client-context.ts';
import type { Follower } from './followed-task.ts';
import type { Priority } from './in-flight.ts';
import type { LazyAbort } from './lazy-abort.ts';
import { type CallEvent, failureOf, type Placement, placeCall } from './place-call.ts';
import { openResult } from './streams/open-result.ts';
import { createListener } from './streams/question-listener.ts';

/** `find-call`: the response to the call was lost, in this process or an earlier one. */
type Effect = MachineEffect | { readonly type: 'find-call'; readonly failure: JudgedFailure };
const LEASE_IN_DOUBT: Failure = { kind: 'aborted', message: 'The lease may have expired: nothing was sent' };

export type Perform = (effect: Effect, follower: Follower, around: ClientContext) => Promise<void>;

/** Performs the effects of the lifecycle and feeds the results back to it. Never throws. */
export const perform: Perform = (effect, follower, around) => {
  switch (effect.type) {
    case 'poll':
      return poll(follower, around);
    case 'send-answers':
      return sendAnswers(effect.responses, follower, around);
    case 'send-cancel':
      return sendCancel(follower, around);
    case 'open-result':
      return openResult(follower, around);
    case 'repeat-call':
      return repeatCall(effect.responses, follower, around);
    case 'find-call':
      return findCall(follower, around, effect.failure);
    case 'wake':
      return Promise.resolve();
  }
};

/** Sends an idempotent request, under the request limit and with a timeout. */
async function sendRequest(
  { method, params, timeoutMs }: Ask,
  follower: Follower,
  { connection, gate, requestTimeoutMs }: ClientContext,
  { tenure, priority }: { readonly tenure: LazyAbort; readonly priority: Priority },
): Promise<JsonValue> {
  const turn = gate.enter(tenure, priority);
  if (turn !== undefined) await turn;
  const beganAt = gate.now();
  const lent = tenure.lend();
  try {
    // The request may have waited for long, and a stopped process runs its timers late: check the lease again, here
    // and before the first byte.
    if (!follower.mayAct) throw new ConnectionFailure(LEASE_IN_DOUBT);
    const options = { signal: lent.signal, timeoutMs: timeoutMs ?? requestTimeoutMs, maySend: () => follower.mayAct };
    const answer = await connection.request(method, params, options);
    gate.left(beganAt);
    return answer;
  } catch (error) {
    gate.left(beganAt, error);
    throw error;
  } finally {
    tenure.reclaim(lent);
  }
}

function judged({ dialect }: Follower, failure: Failure, about: About): JudgedFailure {
  return { ...failure, verdict: dialect.judge(failure, about) };
}

async function poll(follower: Follower, around: ClientContext): Promise<void> {
  const { dialect, known } = follower;
  const task = refOf(known);
  const how = { tenure: follower.lease, priority: 'usual' } as const;
  try {
    const reading = around.listedPolls.read(follower, (each) => sendRequest(each, follower, around, how));
    const listed = reading === undefined ? undefined : await reading;
    if (listed !== undefined) return await follower.observed(listed, around.questions.asked(known.id));
    const raw = await sendRequest(dialect.get(task), follower, around, how);
    const decoded = dialect.decodeTask(raw, task);
    if (decoded.kind === 'value' && decoded.value.taskId === known.taskId) {
      const saving = follower.observed(decoded.value, around.questions.asked(known.id));
      if (saving !== undefined) await saving;
      return;
    }
    await follower.dispatch({ type: 'poll-failed', failure: failureOfResponse(follower, decoded) });
  } catch (error) {
    await follower.dispatch({ type: 'poll-failed', failure: judged(follower, failureOf(error), 'get') });
  }
}

function failureOfResponse(follower: Follower, decoded: Decoded<TaskSnapshot>): JudgedFailure {
  const problem = decoded.kind === 'invalid' ? decoded.problem : `it is about task ${decoded.value.taskId}`;
  if (decoded.kind === 'invalid' && decoded.verdict !== undefined)
    return { kind: 'invalid', message: problem, verdict: decoded.verdict };
  const message = `The server's response about the task is invalid: ${problem}`;
  return judged(follower, { kind: 'invalid', message }, 'get');
}

/** Sends an answer or a cancel, and decodes the reply. A refusal in the reply is a failure with its own verdict. */
async function sendForReply(
  request: Ask,
  about: 'update' | 'cancel',
  follower: Follower,
  around: ClientContext,
): Promise<Extract<Reply, { kind: 'taken' }> | JudgedFailure> {
  const raw = await sendRequest(request, follower, around, { tenure: follower.life, priority: 'first' });
  const reply = follower.dialect.decodeReply?.(raw, refOf(follower.record), about) ?? { kind: 'taken' };
  return reply.kind === 'taken' ? reply : { kind: 'invalid', message: reply.problem, verdict: reply.verdict };
}

/** Applies the task state in a reply. */
async function observeReply(snapshot: TaskSnapshot | undefined, follower: Follower): Promise<void> {
  if (snapshot !== undefined) await follower.dispatch({ type: 'task-observed', snapshot, polled: false });
}

async function sendAnswers(
  responses: Readonly<Record<string, InputResponse>>,
  follower: Follower,
  around: ClientContext,
): Promise<void> {
  const { dialect, record } = follower;
  const keys = Object.keys(responses);
  const update = record.taskId === null ? undefined : dialect.update(refOf(record), responses, record.inputRequests);
  if (update === undefined) {
    const sent = keys.filter((key) => around.questions.answer(follower.record.id, key, responses[key] ?? {}));
    if (sent.length > 0) await follower.dispatch({ type: 'answers-acknowledged', keys: sent });
    const unsent = keys.filter((key) => !sent.includes(key));
    if (unsent.length > 0) await follower.dispatch({ type: 'answers-unrequested', keys: unsent });
    return;
  }
  try {
    const reply = await sendForReply(update, 'update', follower, around);
    if (reply.kind !== 'taken') return await follower.dispatch({ type: 'answers-failed', keys, failure: reply });
    await follower.dispatch({ type: 'answers-acknowledged', keys }, { saveWithoutLease: true });
    await observeReply(reply.snapshot, follower);
  } catch (error) {
    await follower.dispatch({ type: 'answers-failed', keys, failure: judged(follower, failureOf(error), 'update') });
  }
}

async function sendCancel(follower: Follower, around: ClientContext): Promise<void> {
  const cancel = follower.dialect.cancel(refOf(follower.record));
  if (cancel === undefined) {
    const message = 'This task cannot be cancelled';
    return follower.dispatch({ type: 'cancel-failed', failure: { kind: 'invalid', message, verdict: 'refused' } });
  }
  try {
    const reply = await sendForReply(cancel, 'cancel', follower, around);
    if (reply.kind !== 'taken') return await follower.dispatch({ type: 'cancel-failed', failure: reply });
    await follower.dispatch({ type: 'cancel-acknowledged' }, { saveWithoutLease: true });
    await observeReply(reply.snapshot, follower);
  } catch (error) {
    await follower.dispatch({ type: 'cancel-failed', failure: judged(follower, failureOf(error), 'cancel') });
  }
}

async function repeatCall(
  inputResponses: Readonly<Record<string, InputResponse>>,
  follower: Follower,
  around: ClientContext,
): Promise<void> {
  const event = await place(follower, around, { asTask: false, inputResponses });
  await follower.dispatch(event, { saveWithoutLease: true });
}

/** Loaded on first use: few protocols can find a call. */
async function findCall(...lost: Parameters<typeof import('./find-call.ts')['findCall']>): Promise<void> {
  await (await import('./find-call.ts')).findCall(...lost);
}

/** Sends the call. A cancel requested before the task exists may cancel the request. */
function place(follower: Follower, around: ClientContext, placement: Placement): Promise<CallEvent> {
  const cancel = new AbortController();
  const { signal } = cancel;
  const unlisten = follower.onChange(() => {
    if (follower.known.cancelRequestedAt === undefined) return;
    unlisten();
    void import('./cancel-call.ts').then((it) => it.cancelCall(follower, around, placement, cancel));
  });
  return placeCall(around.connection, follower.dialect, follower.record, { ...placement, signal }).finally(() => {
    unlisten();
    cancel.abort('the call has ended');
  });
}

/** Sends the first call. Server requests on its stream become questions of the call's own record. */
export async function firstCall(
  follower: Follower,
  around: ClientContext,
  placement: Omit<Placement, 'inputResponses'>,
): Promise<void> {
  const isPlain = !placement.asTask && placement.orAsTask !== true;
  const unlisten = around.questions.listen(createListener(follower, { isPlain }));
  try {
    const event = await place(follower, around, placement);
    if (event.type === 'call-lost' && follower.dialect.find !== undefined)
      await findCall(follower, around, event.failure);
    else await follower.dispatch(event, { saveWithoutLease: true });
  } finally {
    unlisten();
  }
}
