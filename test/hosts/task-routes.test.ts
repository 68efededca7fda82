import { readFileSync } from 'node:fs';
import { createTaskClient, openMailbox, type TaskClient, TaskError } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { type TaskEventJson, type TaskJson, taskRoutes } from '@mcp-tasks/client/routes';
import { checkSchema } from '@mcp-tasks/client/schema';
import { expect, onTestFinished, test } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';

const RELEASE = { name: 'release', arguments: { service: 'checkout', version: '2.4.0' }, labels: { user: 'ada' } };
const schemaFile = new URL('../../packages/client/routes.schema.json', import.meta.url);

interface Reply {
  readonly task: TaskJson;
  readonly tasks: readonly TaskJson[];
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly problems: readonly { readonly path: string }[];
  };
}

const bodyOf = (response: Response): Promise<Reply> => response.json() as Promise<Reply>;

interface Host {
  readonly tasks: TaskClient;
  readonly store: ReturnType<typeof createMemoryStore>;
  fetch(path: string, init?: RequestInit & { readonly user?: string }): Promise<Response>;
}

/** A host that identifies its users by a header. */
async function startHost(speed = 0.05): Promise<Host> {
  const demo = await serveDemoHttp({ speed });
  onTestFinished(() => demo.stop());
  const store = createMemoryStore();
  const tasks = createTaskClient({ connect: () => connect({ kind: 'url', url: demo.url }), store });
  onTestFinished(() => tasks.close());
  const routes = taskRoutes(tasks, {
    authorize(request) {
      const user = request.headers.get('x-user');
      return user === null ? undefined : { labels: { user }, canAct: user !== 'guest' };
    },
  });
  return {
    tasks,
    store,
    fetch: (path, { user = 'ada', ...init } = {}) =>
      routes(new Request(`http://host.test${path}`, { ...init, headers: { 'x-user': user, ...init.headers } })),
  };
}

function post(body: object): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Events of a stream as they arrive. */
async function* eventsOf(response: Response): AsyncGenerator<TaskEventJson & { readonly id: string }> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]));
      const data = fields.get('data');
      if (data !== undefined) yield { ...JSON.parse(data), id: fields.get('id') ?? '' };
    }
  }
}

async function waitForQuestion(page: Host, id: string): Promise<TaskJson['questions'][number]> {
  for await (const { task } of eventsOf(await page.fetch(`/tasks/${id}/events`))) {
    const [question] = task.questions;
    if (question !== undefined) return question;
  }
  throw new Error('It ended without a question');
}

test('a page follows a task that its host started, answers its questions, and gets its result', async () => {
  const page = await startHost();
  const { id } = await page.tasks.start(RELEASE);
  const answered: string[] = [];
  const kinds: string[] = [];
  for await (const { kind, task } of eventsOf(await page.fetch(`/tasks/${id}/events`))) {
    kinds.push(kind);
    const question = task.questions.find(({ digest }) => !answered.includes(digest));
    if (kind !== 'question' || question === undefined) continue;
    answered.push(question.digest);
    const content = answered.length === 1 ? { approve: true } : { strategy: 'rolling' };
    const { key, digest } = question;
    const reply = await page.fetch(
      `/tasks/${id}/answers`,
      post({ key, digest, response: { action: 'accept', content } }),
    );
    expect(reply.status).toBe(200);
  }
  expect(answered).toHaveLength(2);
  expect(kinds.at(-1)).toBe('settled');
  const { task } = await bodyOf(await page.fetch(`/tasks/${id}`));
  expect(task).toMatchObject({ id, tool: 'release', status: 'completed', outcome: { status: 'completed' } });
});

test('a reader that reconnects after the final event gets 204', async () => {
  const page = await startHost();
  const { id } = await page.tasks.start({ ...RELEASE, name: 'report', arguments: {} });
  let last = '';
  for await (const event of eventsOf(await page.fetch(`/tasks/${id}/events`))) last = event.id;
  const again = await page.fetch(`/tasks/${id}/events`, { headers: { 'last-event-id': last } });
  expect(again.status).toBe(204);
});

test('the tasks of another user are neither found nor listed', async () => {
  const page = await startHost();
  const { id } = await page.tasks.start(RELEASE);
  for (const path of [`/tasks/${id}`, `/tasks/${id}/events`]) {
    expect((await page.fetch(path, { user: 'bob' })).status).toBe(404);
  }
  expect((await page.fetch(`/tasks/${id}/cancel`, { ...post({}), user: 'bob' })).status).toBe(404);
  expect(await (await page.fetch('/tasks', { user: 'bob' })).json()).toEqual({ tasks: [], next: null });
  const { tasks } = await bodyOf(await page.fetch('/tasks?open'));
  expect(tasks.map((task: TaskJson) => task.id)).toEqual([id]);
  // Short ids are for terminals only.
  expect((await page.fetch(`/tasks/${id.slice(0, 3)}`)).status).toBe(404);
});

test('an answer to a replaced question, or one that does not fit the schema, is refused and not sent', async () => {
  const page = await startHost();
  const { id } = await page.tasks.start(RELEASE);
  const { key, digest } = await waitForQuestion(page, id);
  const accept = { action: 'accept', content: { approve: true } };
  const changed = await page.fetch(`/tasks/${id}/answers`, post({ key, digest: 'of another', response: accept }));
  expect([changed.status, (await bodyOf(changed)).error.code]).toEqual([409, 'question-changed']);
  const bad = { action: 'accept', content: { approve: 'perhaps' } };
  const invalid = await page.fetch(`/tasks/${id}/answers`, post({ key, digest, response: bad }));
  const { error } = await bodyOf(invalid);
  expect([invalid.status, error.code, error.problems[0]?.path]).toEqual([422, 'answer-invalid', '/approve']);
  const { task } = await bodyOf(await page.fetch(`/tasks/${id}`));
  expect(task.questions).toHaveLength(1);
});

test('a cancel is sent to the server', async () => {
  const page = await startHost(1);
  const { id } = await page.tasks.start({ ...RELEASE, name: 'report', arguments: {} });
  await expect.poll(async () => (await bodyOf(await page.fetch(`/tasks/${id}`))).task.taskId).not.toBe(null);
  expect((await page.fetch(`/tasks/${id}/cancel`, post({}))).status).toBe(200);
  await expect
    .poll(async () => (await bodyOf(await page.fetch(`/tasks/${id}`))).task.outcome?.status)
    .toBe('cancelled');
});

test.each<[string, string, RequestInit & { readonly user?: string }, number]>([
  ['an unknown route', '/tasks/a/b/c', {}, 404],
  ['a path outside of basePath', '/other', {}, 404],
  ['an invalid id', '/tasks/%00', {}, 404],
  ['a badly encoded path', '/tasks/%ff', {}, 400],
  ['a limit that is no number', '/tasks?limit=x', {}, 400],
  ['a body without its content type', '/tasks/a/cancel', { method: 'POST', body: '{}' }, 404],
  ['a cancel by a read-only user', '/tasks/a/cancel', { ...post({}), user: 'guest' }, 403],
])('%s is refused', async (_, path, init, status) => {
  const page = await startHost();
  const reply = await page.fetch(path, init);
  expect(reply.status).toBe(status);
  expect((await bodyOf(reply)).error.message).toMatch(/\w/);
});

test('a cross-site form, an oversized body and an unknown caller are refused before a task is touched', async () => {
  const page = await startHost();
  const { id } = await page.tasks.start(RELEASE);
  const form = await page.fetch(`/tasks/${id}/cancel`, { method: 'POST', body: new URLSearchParams({ a: 'b' }) });
  expect(form.status).toBe(415);
  const large = await page.fetch(`/tasks/${id}/answers`, post({ key: 'x'.repeat(2 ** 20) }));
  expect(large.status).toBe(413);
  const routes = taskRoutes(page.tasks, { authorize: () => undefined });
  expect((await routes(new Request(`http://host.test/tasks/${id}`))).status).toBe(401);
});

test('a process without a connection serves the same routes from the mailbox of the store', async () => {
  const page = await startHost();
  const { id } = await page.tasks.start(RELEASE);
  const { key, digest } = await waitForQuestion(page, id);
  const mailbox = openMailbox(page.store);
  onTestFinished(() => mailbox.close());
  const routes = taskRoutes(mailbox, { authorize: () => ({}), basePath: '/api/work/' });
  const response = { action: 'accept', content: { approve: true } };
  const reply = await routes(new Request(`http://host.test/api/work/${id}/answers`, post({ key, digest, response })));
  expect(reply.status).toBe(200);
});

test('a list of a new process whose server is unreachable is a 503, not a saved request', async () => {
  const connect = () => Promise.reject(new TaskError('unreachable', 'demo cannot be reached'));
  const tasks = createTaskClient({ connect, store: createMemoryStore() });
  onTestFinished(() => tasks.close());
  const response = await taskRoutes(tasks, { authorize: () => ({}) })(new Request('http://host.test/tasks?open'));
  expect([response.status, await response.json()]).toEqual([
    503,
    { error: { code: 'unreachable', message: 'demo cannot be reached' } },
  ]);
});

test('responses match the published schema', async () => {
  const page = await startHost();
  const { id } = await page.tasks.start(RELEASE);
  await waitForQuestion(page, id);
  const schema = JSON.parse(readFileSync(schemaFile, 'utf8'));
  const check = async (name: string, body: Promise<unknown>): Promise<void> => {
    expect(checkSchema({ ...schema, $ref: `#/$defs/${name}` }, (await body) as never)).toEqual({ kind: 'fits' });
  };
  await check('TaskReply', (await page.fetch(`/tasks/${id}`)).json());
  await check('ListReply', (await page.fetch('/tasks')).json());
  await check('ErrorReply', (await page.fetch('/tasks/none')).json());
  for await (const { id: _, ...event } of eventsOf(await page.fetch(`/tasks/${id}/events`))) {
    await check('TaskEvent', Promise.resolve(event));
    if (event.kind === 'question') break;
  }
});
