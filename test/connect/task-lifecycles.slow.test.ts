import {
  createTaskClient,
  type FollowedTask,
  type InputResponse,
  type JsonObject,
  type Target,
} from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, onTestFinished, test } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { demoStdio, EVERYTHING_STDIO, serveEverything } from './support.ts';

async function clientOf(target: Target, store = createMemoryStore()) {
  const tasks = createTaskClient({ connection: await connect(target), store });
  onTestFinished(() => tasks.close());
  return { tasks, store };
}

async function demoHttp(options: object = {}): Promise<Target> {
  const demo = await serveDemoHttp({ speed: 0.05, ...options });
  onTestFinished(() => demo.stop());
  return { kind: 'url', url: demo.url };
}

async function everythingHttp(): Promise<Target> {
  const server = await serveEverything();
  onTestFinished(() => server.stop());
  return { kind: 'url', url: server.url };
}

/** Answers each question; returns each question's message. */
async function answerAll(task: FollowedTask, answers: readonly JsonObject[]) {
  const messages: string[] = [];
  for await (const update of task.updates()) {
    if (update.kind !== 'question') continue;
    const content = answers[messages.length];
    messages.push(String(update.request.params.message));
    await answerNow(task, update.key, { action: 'accept', content } as InputResponse);
  }
  return { messages, outcome: await task.outcome() };
}

test.each([
  ['2026-07-28', 'HTTP', () => demoHttp({ revision: '2026-07-28' })],
  ['2026-07-28', 'stdio', async () => demoStdio({ revision: '2026-07-28' })],
  ['2025-11-25', 'HTTP', () => demoHttp({ revision: '2025-11-25' })],
])('a release under %s over %s asks twice, is answered, and completes', async (revision, _, open) => {
  const { tasks } = await clientOf(await open());
  expect(tasks.connection.negotiated.revision).toBe(revision);
  const call = await acceptedCall(tasks, { name: 'release', arguments: { service: 'shop', version: '3' } });
  if (call.kind !== 'task') throw new Error('No task');
  const { messages, outcome } = await answerAll(call.task, [{ approve: true, note: 'go' }, { strategy: 'canary' }]);
  expect(messages).toHaveLength(2);
  expect(outcome).toMatchObject({
    status: 'completed',
    result: { structuredContent: { strategy: 'canary', live: true } },
  });
});

test.each([
  ['stdio', async () => EVERYTHING_STDIO],
  ['HTTP', everythingHttp],
])('the published 2025-11-25 server over %s asks on its result stream, is answered, and completes', async (_, open) => {
  const { tasks } = await clientOf(await open());
  const call = await acceptedCall(tasks, {
    name: 'simulate-research-query',
    arguments: { topic: 'python', ambiguous: true },
  });
  if (call.kind !== 'task') throw new Error('No task');
  const { messages, outcome } = await answerAll(call.task, [{ interpretation: 'snake' }]);
  expect(messages).toEqual([expect.stringContaining('Please clarify')]);
  expect(outcome.status).toBe('completed');
  expect(JSON.stringify(outcome.result)).toContain('**Clarification**: snake');
});

test('questions before the task are asked under 2026-07-28, and again by the task', async () => {
  const { tasks } = await clientOf(await demoHttp({ revision: '2026-07-28' }));
  const call = await acceptedCall(tasks, { name: 'confirm-first' });
  if (call.kind !== 'task') throw new Error('No task');
  expect(call.task.latest).toMatchObject({ phase: 'asking', taskId: null });
  const answers = [{ confirm: true }, { reason: 'too old' }, { confirm: true }];
  const { messages, outcome } = await answerAll(call.task, answers);
  expect(messages).toHaveLength(3);
  expect(JSON.stringify(outcome.result)).toContain('because: too old');
});

test('a tool without a task returns its result at once, under either revision', async () => {
  for (const target of [await demoHttp(), EVERYTHING_STDIO]) {
    const { tasks } = await clientOf(target);
    const [name, args] =
      target.kind === 'url' ? (['echo', { text: 'hello' }] as const) : (['echo', { message: 'hello' }] as const);
    const call = await acceptedCall(tasks, { name, arguments: args });
    expect(call).toMatchObject({ kind: 'complete' });
    expect(JSON.stringify(call)).toContain('hello');
  }
});

test('a cancelled task ends as cancelled, under either revision', async () => {
  for (const target of [await demoHttp(), EVERYTHING_STDIO]) {
    const { tasks } = await clientOf(target);
    const name = target.kind === 'url' ? 'batch' : 'simulate-research-query';
    const call = await acceptedCall(tasks, {
      name,
      arguments: target.kind === 'url' ? { items: 500 } : { topic: 'x' },
    });
    if (call.kind !== 'task') throw new Error('No task');
    await call.task.cancel();
    expect(await call.task.outcome()).toMatchObject({ status: 'cancelled' });
  }
});

/** A call of one connection, and a second connection within its session after the first is closed. */
async function reconnected(target: Target, args: JsonObject) {
  const { tasks, store } = await clientOf(target);
  const call = await acceptedCall(tasks, { name: 'simulate-research-query', arguments: args });
  if (call.kind !== 'task') throw new Error('No task');
  const { id, sessionId, revision } = call.task.latest;
  await tasks.close();
  const again = createTaskClient({
    connection: await connect(target, { sessionId: sessionId ?? '', revision }),
    store,
  });
  onTestFinished(() => again.close());
  return { again, id, sessionId };
}

test('a task of 2025-11-25 is resumed by another connection within the same session', async () => {
  const target = await everythingHttp();
  const { again, id, sessionId } = await reconnected(target, { topic: 'sessions' });
  expect(again.connection.negotiated.sessionId).toBe(sessionId);
  const task = await again.get(id).follow();
  expect(await task.outcome()).toMatchObject({ status: 'completed' });
});

test('a task of 2025-11-25 that waits for an answer can be answered by another connection within the same session', async () => {
  const target = await everythingHttp();
  const { again, id } = await reconnected(target, { topic: 'python', ambiguous: true });
  const { messages, outcome } = await answerAll(await again.get(id).follow(), [{ interpretation: 'snake' }]);
  expect(messages).toHaveLength(1);
  expect(outcome.status).toBe('completed');
});

test('a task whose session the server has forgotten is expired', async () => {
  const first = await serveEverything();
  const target: Target = { kind: 'url', url: first.url };
  const { tasks, store } = await clientOf(target);
  const call = await acceptedCall(tasks, { name: 'simulate-research-query', arguments: { topic: 'x' } });
  if (call.kind !== 'task') throw new Error('No task');
  const { id, sessionId, revision } = call.task.latest;
  await tasks.close();
  await first.stop();
  const second = await serveEverything(first.port);
  onTestFinished(() => second.stop());
  const again = createTaskClient({
    connection: await connect(target, { sessionId: sessionId ?? '', revision }),
    store,
  });
  onTestFinished(() => again.close());
  expect(await (await again.get(id).follow()).outcome()).toMatchObject({ status: 'expired' });
});
