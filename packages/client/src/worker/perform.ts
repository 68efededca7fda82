import type { Effect } from '../machine/lifecycle.ts';
import type { JsonObject, JsonValue } from '../task/json.ts';
import type { InputResponse } from '../task/task.ts';
import type { Surroundings } from './client-context.ts';
import type { Follower } from './follower.ts';
import { openResult } from './open-result.ts';
import { failureOf, type Placement, placeCall } from './place-call.ts';
import { hear } from './question-listener.ts';

export type Perform = (effect: Effect, follower: Follower, around: Surroundings) => Promise<void>;

/** Does what the lifecycle asked for and tells it what came of it. Never throws. */
export const perform: Perform = async (effect, follower, around) => {
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
    case 'wake':
      return;
  }
};

/** A request that may be made again: in its turn, and not waited for for ever. */
async function ask(
  method: string,
  params: JsonObject,
  signal: AbortSignal,
  { connection, gate, requestTimeoutMs: timeoutMs }: Surroundings,
): Promise<JsonValue> {
  return gate.run(() => connection.request(method, params, { signal, timeoutMs }), signal);
}

async function poll(follower: Follower, around: Surroundings): Promise<void> {
  const { id, taskId } = follower.record;
  try {
    const raw = await ask('tasks/get', { taskId }, follower.reign, around);
    const decoded = around.dialect.decodeTask(raw);
    if (decoded.kind === 'value' && decoded.value.taskId === taskId) {
      const asked = around.questions.asked(id);
      await follower.dispatch({ type: 'task-observed', snapshot: decoded.value, polled: true, asked });
      return;
    }
    const problem = decoded.kind === 'invalid' ? decoded.problem : `it is about task ${decoded.value.taskId}`;
    const message = `The server's answer about the task is of no use: ${problem}`;
    await follower.dispatch({ type: 'poll-failed', failure: { kind: 'invalid', message } });
  } catch (error) {
    await follower.dispatch({ type: 'poll-failed', failure: failureOf(error) });
  }
}

async function sendAnswers(
  responses: Readonly<Record<string, InputResponse>>,
  follower: Follower,
  around: Surroundings,
): Promise<void> {
  const { dialect } = around;
  const { taskId, inputRequests } = follower.record;
  const keys = Object.keys(responses);
  if (taskId === null || dialect.resultApart) {
    const sent = keys.filter((key) => around.questions.answer(follower.record.id, key, responses[key] ?? {}));
    if (sent.length > 0) await follower.dispatch({ type: 'answers-acknowledged', keys: sent });
    const unsent = keys.filter((key) => !sent.includes(key));
    if (unsent.length > 0) await follower.dispatch({ type: 'answers-not-wanted-yet', keys: unsent });
    return;
  }
  try {
    const params = dialect.encodeUpdate(taskId, responses, inputRequests);
    await ask('tasks/update', params, follower.signal, around);
    await follower.dispatch({ type: 'answers-acknowledged', keys }, { fact: true });
  } catch (error) {
    await follower.dispatch({ type: 'answers-failed', keys, failure: failureOf(error) });
  }
}

async function sendCancel(follower: Follower, around: Surroundings): Promise<void> {
  const { taskId } = follower.record;
  try {
    await ask('tasks/cancel', { taskId }, follower.signal, around);
    await follower.dispatch({ type: 'cancel-acknowledged' }, { fact: true });
  } catch (error) {
    await follower.dispatch({ type: 'cancel-failed', failure: failureOf(error) });
  }
}

async function repeatCall(
  inputResponses: Readonly<Record<string, InputResponse>>,
  follower: Follower,
  around: Surroundings,
): Promise<void> {
  const { record } = follower;
  const responses = around.dialect.encodeUpdate('', inputResponses, record.inputRequests).inputResponses;
  const placement = { asTask: false, inputResponses: responses as typeof inputResponses };
  await follower.dispatch(await placeCall(around.connection, around.dialect, record, placement), { fact: true });
}

/** The first `tools/call`. Questions on the way (2025-11-25) are asked under the call's own record. */
export async function firstCall(
  follower: Follower,
  around: Surroundings,
  placement: Omit<Placement, 'inputResponses'>,
): Promise<void> {
  const isPlain = !placement.asTask && placement.orAsTask !== true;
  const unlisten = around.questions.listen(hear(follower, { isPlain }));
  try {
    await follower.dispatch(await placeCall(around.connection, around.dialect, follower.record, placement), {
      fact: true,
    });
  } finally {
    unlisten();
  }
}
