import { isJsonObject } from '../core/json.ts';
import { streamKey } from '../core/lifecycle.ts';
import type { InputRequest, InputResponse } from '../core/task.ts';
import type { Failure } from '../ports/connection.ts';
import type { Follower, Perform, Surroundings } from './follower.ts';
import { failureOf, placeCall } from './place-call.ts';

/** Does what the lifecycle asked for and tells it what came of it. Never throws. */
export const perform: Perform = async (effect, follower, around) => {
  switch (effect.type) {
    case 'poll':
      return poll(follower, around);
    case 'send-answers':
      return around.observe ? undefined : sendAnswers(effect.responses, follower, around);
    case 'send-cancel':
      return around.observe ? undefined : sendCancel(follower, around);
    case 'open-result':
      return openResult(follower, around);
    case 'repeat-call':
      return around.observe ? undefined : repeatCall(effect.responses, follower, around);
    case 'wake':
      return;
  }
};

function ask(follower: Follower): (request: InputRequest) => Promise<string> {
  return async (request) => {
    const key = streamKey(follower.record, request);
    await follower.dispatch({ type: 'question-arrived', key, request });
    return key;
  };
}

async function poll(follower: Follower, around: Surroundings): Promise<void> {
  const { connection, dialect, gate } = around;
  const { taskId } = follower.record;
  try {
    const raw = await gate.run(() => connection.request('tasks/get', { taskId }, { signal: follower.signal }));
    const decoded = dialect.decodeTask(raw);
    if (decoded.kind === 'value' && decoded.value.taskId === taskId) {
      await follower.dispatch({ type: 'task-observed', snapshot: decoded.value, polled: true });
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
  const { connection, dialect, gate } = around;
  const { taskId, inputRequests } = follower.record;
  const keys = Object.keys(responses);
  if (taskId === null || dialect.resultApart) {
    const sent = keys.filter((key) => around.questions.answer(key, responses[key] ?? {}));
    if (sent.length > 0) await follower.dispatch({ type: 'answers-acknowledged', keys: sent });
    const unsent = keys.filter((key) => !sent.includes(key));
    const failure: Failure = { kind: 'transport', message: 'The server has not asked again on this connection yet' };
    if (unsent.length > 0) await follower.dispatch({ type: 'answers-failed', keys: unsent, failure });
    return;
  }
  try {
    const params = dialect.encodeUpdate(taskId, responses, inputRequests);
    await gate.run(() => connection.request('tasks/update', params, { signal: follower.signal }));
    await follower.dispatch({ type: 'answers-acknowledged', keys });
  } catch (error) {
    await follower.dispatch({ type: 'answers-failed', keys, failure: failureOf(error) });
  }
}

async function sendCancel(follower: Follower, around: Surroundings): Promise<void> {
  const { taskId } = follower.record;
  try {
    await around.gate.run(() => around.connection.request('tasks/cancel', { taskId }, { signal: follower.signal }));
    await follower.dispatch({ type: 'cancel-acknowledged' });
  } catch (error) {
    await follower.dispatch({ type: 'cancel-failed', failure: failureOf(error) });
  }
}

/** Outside the gate: the stream stays open as long as a person thinks. */
async function openResult(follower: Follower, around: Surroundings): Promise<void> {
  const { taskId } = follower.record;
  const unlisten = around.questions.listen({ taskId, ask: ask(follower) });
  try {
    const options = { signal: follower.signal, timeoutMs: null };
    const result = await around.connection.request('tasks/result', { taskId }, options);
    if (isJsonObject(result)) await follower.dispatch({ type: 'result-fetched', result });
    else {
      const message = 'The result of the task is not an object';
      await follower.dispatch({ type: 'result-failed', failure: { kind: 'invalid', message } });
    }
  } catch (error) {
    await follower.dispatch({ type: 'result-failed', failure: failureOf(error) });
  } finally {
    unlisten();
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
  await follower.dispatch(await placeCall(around.connection, around.dialect, record, placement));
}

/** The first `tools/call`. Questions on the way (2025-11-25) are asked under the call's own record. */
export async function firstCall(
  follower: Follower,
  around: Surroundings,
  placement: { readonly asTask: boolean; readonly ttlMs?: number | undefined },
): Promise<void> {
  const unlisten = around.questions.listen({ taskId: null, ask: ask(follower) });
  try {
    await follower.dispatch(await placeCall(around.connection, around.dialect, follower.record, placement));
  } finally {
    unlisten();
  }
}
