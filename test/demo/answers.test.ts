import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningDemo, serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { connectSdkV1, type Reply } from './sdk-v1-client.ts';
import { send, until } from './support.ts';

let demo: RunningDemo;
beforeAll(async () => {
  demo = await serveDemoHttp({ speed: 0.05 });
});
afterAll(() => demo.stop());

const accept = (content: object) => ({ action: 'accept', content });
const update = (taskId: string, inputResponses: unknown) => send(demo.url, 'tasks/update', { taskId, inputResponses });

async function asking(name: string): Promise<string> {
  const { result } = await send(demo.url, 'tools/call', { name, arguments: {} });
  const taskId = result?.taskId as string;
  await until(demo.url, taskId, 'input_required');
  return taskId;
}

async function openKeys(taskId: string): Promise<readonly string[]> {
  const { result } = await send(demo.url, 'tasks/get', { taskId });
  return Object.keys((result?.inputRequests ?? {}) as object);
}

test.each([
  ['release', { approval: accept({ approve: 'yes' }) }, 'approve must be boolean'],
  ['release', { approval: accept({ note: 'go' }) }, 'approve is missing'],
  ['release', { approval: { action: 'accept' } }, 'approve is missing'],
  ['release', { approval: { action: 'maybe' } }, 'action must be one of accept, decline, cancel'],
  ['release', { approval: 'yes' }, 'it must be object'],
  ['survey', { you: accept({ name: 'A', email: 'nobody' }) }, 'name must NOT have fewer than 2 characters'],
  ['survey', { you: accept({ name: 'Ada', email: 'nobody' }) }, 'email must match format "email"'],
  ['survey', { visit: accept({ rating: 1, topics: ['x'] }) }, 'topics.0 must be one of api, ops, ux'],
  ['survey', { visit: accept({ rating: 1, topics: ['api'], seat: 'roof' }) }, 'seat must be one of window, aisle'],
  ['summarize', { summary: { text: 'short' } }, 'role is missing, content is missing, model is missing'],
])('an invalid answer is refused with the reason, and the question stays open: %s %o', async (tool, responses, why) => {
  const taskId = await asking(tool);
  const before = await openKeys(taskId);
  const [key = ''] = Object.keys(responses);
  const { error } = await update(taskId, responses);
  expect(error).toMatchObject({ code: -32602, data: { problems: { [key]: expect.stringContaining(why) } } });
  expect(error?.message).toContain(`The answer to "${key}" does not fit: `);
  expect(await openKeys(taskId)).toEqual(before);
});

test('answers sent together are all refused when one of them is invalid', async () => {
  const taskId = await asking('survey');
  const you = accept({ name: 'Ada', email: 'ada@example.com' });
  expect((await update(taskId, { you, visit: accept({ rating: 9, topics: ['api'] }) })).error?.code).toBe(-32602);
  expect(await openKeys(taskId)).toEqual(['you', 'visit']);
  expect((await update(taskId, { you })).error).toBeUndefined();
  expect(await openKeys(taskId)).toEqual(['visit']);
});

test('an update ignores unknown and answered keys; an update without answers is an error', async () => {
  const taskId = await asking('release');
  expect((await update(taskId, { nobody: 'asked' })).result).toMatchObject({ resultType: 'complete' });
  expect((await update(taskId, undefined)).error).toMatchObject({ code: -32602 });
  await update(taskId, { approval: accept({ approve: true }) });
  expect((await update(taskId, { approval: accept({ approve: 'late' }) })).result).toMatchObject({
    resultType: 'complete',
  });
  expect(await openKeys(taskId)).toEqual(['strategy']);
});

test('before the task, the same requestState accepts a valid answer after an invalid one', async () => {
  const call = (rest: object) => send(demo.url, 'tools/call', { name: 'confirm-first', arguments: {}, ...rest });
  const requestState = (await call({})).result?.requestState;
  const wrong = await call({ requestState, inputResponses: { confirm: accept({ confirm: 'yes' }) } });
  expect(wrong.error).toMatchObject({ code: -32602, data: { problems: { confirm: 'confirm must be boolean' } } });
  const right = await call({ requestState, inputResponses: { confirm: accept({ confirm: true }) } });
  expect(right.result).toMatchObject({ resultType: 'input_required', inputRequests: { reason: {} } });
});

test('the result of a declined sampling request states that nothing was summarized', async () => {
  const taskId = await asking('summarize');
  await update(taskId, { summary: { action: 'decline' } });
  expect(JSON.stringify(await until(demo.url, taskId, 'completed'))).toContain('Not summarized');
});

const wrong = { action: 'accept', content: { approve: 'yes' } } as const;

test('on 2025-11-25 a question is repeated after an invalid answer, with the reason', async () => {
  const replies: Reply[] = [wrong, { action: 'accept', content: { approve: true } }];
  const strategy: Reply = { action: 'accept', content: { strategy: 'canary' } };
  for (const asTask of [true, false]) {
    const given = [...replies];
    const official = await connectSdkV1(demo.url, { answer: () => given.shift() ?? strategy });
    const result = asTask
      ? await official.client.experimental.tasks.getTaskResult(await official.start('release'), CallToolResultSchema)
      : await official.client.callTool({ name: 'release', arguments: {} });
    expect(result).toMatchObject({ structuredContent: { live: true } });
    expect(official.asked.map(({ message }) => message)).toEqual([
      'Release checkout 2.4.0 to staging? All 312 tests passed.',
      'Release checkout 2.4.0 to staging? All 312 tests passed.\nThe answer did not fit: approve must be boolean.',
      'How should it be rolled out?',
    ]);
    await official.close();
  }
});

test('on 2025-11-25 three invalid answers in a row are an error, and the question stays open', async () => {
  const official = await connectSdkV1(demo.url, { answer: () => wrong });
  const taskId = await official.start('release');
  const { tasks } = official.client.experimental;
  const failure = { code: -32602, message: expect.stringContaining('3 answers in a row did not fit') };
  await expect(tasks.getTaskResult(taskId, CallToolResultSchema)).rejects.toMatchObject(failure);
  expect(official.asked).toHaveLength(3);
  expect((await tasks.getTask(taskId)).status).toBe('input_required');
  await expect(official.client.callTool({ name: 'release', arguments: {} })).rejects.toMatchObject(failure);
  await official.close();
});
