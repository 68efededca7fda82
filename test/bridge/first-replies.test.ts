import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, send, TASKS } from '../demo/support.ts';
import { bridgedDemo, type HttpBridge, startHttpBridge } from './support.ts';

let bridge: HttpBridge;
beforeAll(async () => {
  bridge = await startHttpBridge(bridgedDemo('0.05'));
});
afterAll(() => bridge.stop());

/** A call by a host with tasks and forms. */
function call(name: string, args: object, more: object = {}, { url, token } = bridge, capabilities?: object) {
  const headers = { authorization: `Bearer ${token}` };
  const options = capabilities === undefined ? { headers } : { headers, capabilities };
  return send(url, 'tools/call', { name, arguments: args, ...more }, options);
}

function get(taskId: unknown, { url, token } = bridge): Promise<Answer> {
  return send(url, 'tasks/get', { taskId }, { headers: { authorization: `Bearer ${token}` } });
}

const accept = (content: object) => ({ action: 'accept', content });
/** Waits longer than the second within which an answer is ignored. */
const pauseLikePerson = (): Promise<void> => sleep(1_100);

test('an immediate result of the server is returned and marked delivered', async () => {
  for (const text of ['one', 'one']) {
    const { result } = await call('echo', { text });
    expect(result).toMatchObject({ resultType: 'complete', content: [{ type: 'text', text: 'one' }] });
    expect(JSON.stringify(result)).not.toContain('same call');
  }
});

test('an immediate error of the server is returned as that error', async () => {
  const { error } = await call('no-such-tool', {});
  expect(error).toMatchObject({ code: -32602, message: expect.stringContaining('no-such-tool') });
});

test('a slower call becomes a task in the first reply', async () => {
  const { result } = await call('report', { topic: 'tides' });
  expect(result).toMatchObject({ resultType: 'task', taskId: expect.any(String) });
});

test('questions before the task are asked one by one, and the answers create the task', async () => {
  const args = { path: '/srv/one' };
  const first = await call('confirm-first', args);
  expect(first.result).toMatchObject({ resultType: 'input_required', inputRequests: { confirm: expect.anything() } });
  expect(first.result).not.toHaveProperty('taskId');
  await pauseLikePerson();
  const confirmed = {
    inputResponses: { confirm: accept({ confirm: true }) },
    requestState: first.result?.requestState,
  };
  const second = await call('confirm-first', args, confirmed);
  expect(second.result).toMatchObject({ resultType: 'input_required', inputRequests: { reason: expect.anything() } });
  await pauseLikePerson();
  const reasoned = { inputResponses: { reason: accept({ reason: 'old' }) }, requestState: second.result?.requestState };
  const third = await call('confirm-first', args, reasoned);
  expect(third.result).toMatchObject({ resultType: 'task', taskId: expect.any(String) });
  expect(third.result).not.toHaveProperty('requestState');
});

/** On a busy machine an immediate answer may arrive after a second: repeat with another call. */
const RETRY = { timeout: 30_000, interval: 100 };

test('an answer within a second is ignored: the host gets a task with the question still open', async () => {
  let tries = 0;
  const answerAtOnce = async (): Promise<Answer> => {
    tries += 1;
    const args = { path: `/srv/two/${tries}` };
    const { requestState } = (await call('confirm-first', args)).result ?? {};
    const inputResponses = { confirm: accept({ confirm: true }) };
    return call('confirm-first', args, { inputResponses, requestState });
  };
  let answered: Answer | undefined;
  await expect
    .poll(async () => {
      answered = await answerAtOnce();
      return answered.result?.resultType;
    }, RETRY)
    .toBe('task');
  const { result } = await get(answered?.result?.taskId);
  expect(result).toMatchObject({ status: 'input_required', inputRequests: { confirm: expect.anything() } });
});

test('a call repeated without the answers is asked again', async () => {
  const args = { path: '/srv/three' };
  const { requestState } = (await call('confirm-first', args)).result ?? {};
  const again = await call('confirm-first', args, { inputResponses: { other: accept({}) }, requestState });
  expect(again.result).toMatchObject({ resultType: 'input_required', inputRequests: { confirm: expect.anything() } });
});

test('an invalid answer is refused with -32602 and can be given again', async () => {
  const args = { path: '/srv/four' };
  const { requestState } = (await call('confirm-first', args)).result ?? {};
  await pauseLikePerson();
  const misfit = { inputResponses: { confirm: accept({ confirm: 'perhaps' }) }, requestState };
  expect((await call('confirm-first', args, misfit)).error?.code).toBe(-32602);
  const fit = { inputResponses: { confirm: accept({ confirm: true }) }, requestState };
  expect((await call('confirm-first', args, fit)).result).toMatchObject({
    inputRequests: { reason: expect.anything() },
  });
});

test('a requestState that is forged, or of another call, is refused', async () => {
  const { requestState } = (await call('confirm-first', { path: '/srv/five' })).result ?? {};
  const responses = { inputResponses: { confirm: accept({ confirm: true }) } };
  const madeUp = await call('confirm-first', { path: '/srv/five' }, { ...responses, requestState: `${requestState}x` });
  expect(madeUp.error?.code).toBe(-32602);
  const other = await call('confirm-first', { path: '/srv/six' }, { ...responses, requestState });
  expect(other.error).toMatchObject({ code: -32602, message: expect.stringContaining('another call') });
});

test('a host without forms gets a task instead of questions', async () => {
  const { result } = await call('confirm-first', { path: '/srv/seven' }, {}, bridge, TASKS);
  expect(result).toMatchObject({ resultType: 'task' });
});

const FORMS = { elicitation: { form: {} } };

test('a host without tasks gets every question as input_required, then the result', async () => {
  const args = { path: '/srv/eight' };
  const answers = [{ confirm: accept({ confirm: true }) }, { reason: accept({ reason: 'old' }) }];
  let reply = await call('confirm-first', args, {}, bridge, FORMS);
  // The task reuses the name of the first question.
  for (const inputResponses of [...answers, answers[0]]) {
    expect(reply.result).toMatchObject({ resultType: 'input_required' });
    expect(Object.keys(reply.result?.inputRequests as object)).toEqual(Object.keys(inputResponses ?? {}));
    await pauseLikePerson();
    const { requestState } = reply.result ?? {};
    reply = await call('confirm-first', args, { inputResponses, requestState }, bridge, FORMS);
  }
  expect(reply.result).toMatchObject({ content: [{ text: 'Deleted, because: old.' }] });
});

test('a host without tasks that answers within a second is told to wait for a person', async () => {
  const short = await startHttpBridge(bridgedDemo('0.05'), ['--hold', '2s']);
  try {
    let tries = 0;
    await expect
      .poll(async () => {
        tries += 1;
        const args = { path: `/srv/${tries}` };
        const { requestState } = (await call('confirm-first', args, {}, short, FORMS)).result ?? {};
        const inputResponses = { confirm: accept({ confirm: true }) };
        const again = await call('confirm-first', args, { inputResponses, requestState }, short, FORMS);
        return JSON.stringify(again.result);
      }, RETRY)
      .toContain('waits for a person to decide');
  } finally {
    await short.stop();
  }
});

test('an answer to a question that has been replaced is ignored', async () => {
  const args = { path: '/srv/nine' };
  const first = await call('confirm-first', args);
  await pauseLikePerson();
  const { requestState } = first.result ?? {};
  const inputResponses = { confirm: accept({ confirm: true }) };
  const second = await call('confirm-first', args, { inputResponses, requestState });
  await pauseLikePerson();
  const reason = { inputResponses: { reason: accept({ reason: 'old' }) }, requestState: second.result?.requestState };
  const { result } = await call('confirm-first', args, reason);
  await expect.poll(async () => (await get(result?.taskId)).result?.status, { timeout: 20_000 }).toBe('input_required');
  // The task reuses the key "confirm"; this answer belongs to the first question of that key.
  await pauseLikePerson();
  await call('confirm-first', args, { inputResponses, requestState });
  expect((await get(result?.taskId)).result).toMatchObject({ status: 'input_required' });
});

test('with --questions terminal a host with tasks is asked nothing', async () => {
  const quiet = await startHttpBridge(bridgedDemo('0.05'), ['--questions', 'terminal']);
  try {
    const { result } = await call('confirm-first', {}, {}, quiet);
    expect(result?.resultType).toBe('task');
    await expect
      .poll(async () => (await get(result?.taskId, quiet)).result, { timeout: 20_000 })
      .toMatchObject({ status: 'working', statusMessage: expect.stringContaining('mcp-tasks answer') });
    expect((await get(result?.taskId, quiet)).result).not.toHaveProperty('inputRequests');
  } finally {
    await quiet.stop();
  }
});
