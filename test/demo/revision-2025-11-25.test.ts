import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningDemo, serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { connectSdkV1, type OfficialClient, type Reply } from './sdk-v1-client.ts';
import { eventually, freshDirectory } from './support.ts';

const REPLIES: Record<string, Reply> = {
  'Release shop 3 to staging? All 312 tests passed.': { action: 'accept', content: { approve: true } },
  'How should it be rolled out?': { action: 'accept', content: { strategy: 'canary' } },
  'About you': { action: 'accept', content: { name: 'Ada', email: 'a@b.c' } },
  'About your visit': { action: 'accept', content: { rating: 5, topics: ['api'] } },
  'Delete /srv/archive?': { action: 'accept', content: { confirm: true } },
  'Why?': { action: 'accept', content: { reason: 'too old' } },
  'Three jobs depend on it. Delete all the same?': { action: 'accept', content: { confirm: true } },
};

let demo: RunningDemo;
let official: OfficialClient;
beforeAll(async () => {
  demo = await serveDemoHttp({ speed: 0.05, storeDirectory: freshDirectory() });
  official = await connectSdkV1(demo.url, { answer: (message) => REPLIES[message] ?? { action: 'decline' } });
});
afterAll(async () => {
  await official.close();
  await demo.stop();
});

const tasks = () => official.client.experimental.tasks;

async function settled(taskId: string): Promise<string> {
  for (;;) {
    const { status, pollInterval } = await tasks().getTask(taskId);
    if (['completed', 'failed', 'cancelled'].includes(status)) return status;
    await new Promise((resolve) => setTimeout(resolve, pollInterval));
  }
}

test('tools/list declares the task support of each tool', async () => {
  expect(official.client.getServerCapabilities()).toMatchObject({
    tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
  });
  const { tools } = await official.client.listTools();
  const support = new Map(tools.map(({ name, execution }) => [name, execution?.taskSupport]));
  expect(support.get('hello')).toBe('forbidden');
  expect(support.get('report')).toBe('optional');
  expect(support.get('import')).toBe('required');
});

test('a release asks on the stream of tasks/result, tagged with its task, and ends with the result of the call', async () => {
  const taskId = await official.start('release', { service: 'shop', version: '3' });
  const result = await tasks().getTaskResult(taskId, CallToolResultSchema);
  expect(result).toMatchObject({
    structuredContent: { service: 'shop', version: '3', strategy: 'canary', live: true },
    _meta: { 'io.modelcontextprotocol/related-task': { taskId } },
  });
  const questions = official.asked.filter(
    ({ _meta }) => JSON.stringify(_meta) === JSON.stringify({ 'io.modelcontextprotocol/related-task': { taskId } }),
  );
  expect(questions.map(({ message }) => message)).toEqual([
    'Release shop 3 to staging? All 312 tests passed.',
    'How should it be rolled out?',
  ]);
  expect(await tasks().getTaskResult(taskId, CallToolResultSchema)).toEqual(result);
});

test('callToolStream of the official client completes a survey of two questions', async () => {
  const before = official.asked.length;
  const kinds: string[] = [];
  let text = '';
  for await (const message of tasks().callToolStream({ name: 'survey', arguments: {} }, CallToolResultSchema, {
    task: {},
  })) {
    kinds.push(message.type);
    if (message.type === 'result') text = JSON.stringify(message.result);
  }
  expect([kinds[0], kinds.at(-1)]).toEqual(['taskCreated', 'result']);
  expect(text).toContain('Thank you, Ada.');
  expect(official.asked.length - before).toBe(2);
});

test('questions before the task are asked on the stream of the call', async () => {
  const taskId = await official.start('confirm-first');
  const result = await tasks().getTaskResult(taskId, CallToolResultSchema);
  expect(JSON.stringify(result)).toContain('because: too old');
});

test('sampling reaches the client, and a sign-in asks by URL', async () => {
  const summary = await tasks().getTaskResult(await official.start('summarize'), CallToolResultSchema);
  expect(JSON.stringify(summary)).toContain('Summary: Tasks last.');
  const signIn = await official.start('sign-in');
  expect(JSON.stringify(await tasks().getTaskResult(signIn, CallToolResultSchema))).toContain('Not signed in');
  expect(official.asked.at(-1)).toMatchObject({
    mode: 'url',
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+/),
  });
});

test('a plain call of an optional tool asks its questions and returns its result', async () => {
  const { content } = await official.client.callTool({ name: 'release', arguments: { service: 'shop', version: '3' } });
  expect(JSON.stringify(content)).toContain('is live on staging');
});

test('a required tool called plainly and a forbidden one called as a task are refused', async () => {
  await expect(official.client.request({ method: 'tools/call', params: { name: 'import' } }, CallToolResultSchema))
    .rejects //
    .toMatchObject({ code: -32601 });
  await expect(official.start('hello')).rejects.toMatchObject({ code: -32601 });
});

test('a failure keeps its code and data, and a tool error is a failed task with its payload', async () => {
  const failing = await official.start('import');
  expect(await settled(failing)).toBe('failed');
  await expect(tasks().getTaskResult(failing, CallToolResultSchema)).rejects.toMatchObject({
    code: -32603,
    data: { row: 3211, column: 'price' },
  });
  const check = await official.start('check');
  expect(await settled(check)).toBe('failed');
  expect(await tasks().getTaskResult(check, CallToolResultSchema)).toMatchObject({ isError: true });
});

test('cancelling is final, and its error distinguishes a finished task from an unknown one', async () => {
  const taskId = await official.start('batch-pinned', { items: 600 });
  expect(await tasks().cancelTask(taskId)).toMatchObject({ taskId, status: 'cancelled' });
  await expect(tasks().cancelTask(taskId)).rejects.toThrow(/already terminal/);
  await expect(tasks().cancelTask('nothing')).rejects.toThrow(/Unknown or expired/);
});

test('every change of status is pushed', async () => {
  const taskId = await official.start('release');
  await eventually(() => official.pushed).toContain(`${taskId} input_required`);
  await tasks().cancelTask(taskId);
  await eventually(() => official.pushed).toContain(`${taskId} cancelled`);
});

test('a requested time to live is honoured', async () => {
  const taskId = await official.start('release', {}, 700);
  expect(await tasks().getTask(taskId)).toMatchObject({ ttl: 700 });
  await expect
    .poll(() =>
      tasks()
        .getTask(taskId)
        .catch(({ code }) => code),
    )
    .toBe(-32602);
  await expect(tasks().getTaskResult(taskId, CallToolResultSchema)).rejects.toMatchObject({ code: -32602 });
});

test('a pending tasks/result fails when its task expires', async () => {
  const slow = await connectSdkV1(demo.url, { answer: () => new Promise(() => {}) });
  const taskId = await slow.start('release', {}, 900);
  const waiting = slow.client.experimental.tasks.getTaskResult(taskId, CallToolResultSchema);
  await expect(waiting).rejects.toMatchObject({ code: -32602 });
  expect(slow.asked).toHaveLength(1);
  await slow.close();
});

test('tasks are listed page by page', async () => {
  const own = await connectSdkV1(demo.url);
  const ids: string[] = [];
  for (let count = 0; count < 60; count += 1) ids.push(await own.start('batch', { items: 1 }));
  const first = await own.client.experimental.tasks.listTasks();
  const second = await own.client.experimental.tasks.listTasks(first.nextCursor);
  expect([...first.tasks, ...second.tasks].map(({ taskId }) => taskId)).toEqual(ids);
  expect(first.tasks.length).toBe(50);
  expect(second.nextCursor).toBeUndefined();
  await own.close();
});

test('a client that did not ask for a task never receives one', async () => {
  const { tools } = await official.client.listTools();
  for (const { name } of tools) {
    const args = name === 'echo' ? { text: 'x' } : name === 'batch' ? { items: 1 } : {};
    const result: Record<string, unknown> = await official.client
      .request({ method: 'tools/call', params: { name, arguments: args } }, CallToolResultSchema.loose())
      .catch(({ code }) => ({ code }));
    const required = ['sign-in', 'import', 'batch-pinned'].includes(name);
    expect([name, result.code, Array.isArray(result.content)]).toEqual([
      name,
      required ? -32601 : undefined,
      !required,
    ]);
    expect(result).not.toHaveProperty('task');
    expect(result).not.toHaveProperty('taskId');
  }
});

test('a call is refused before its task exists when the client cannot answer its questions', async () => {
  const mute = await connectSdkV1(demo.url, { capabilities: {} });
  await expect(mute.start('release')).rejects.toMatchObject({
    code: -32602,
    data: { requiredCapabilities: { elicitation: { form: {} } } },
  });
  await mute.close();
});
