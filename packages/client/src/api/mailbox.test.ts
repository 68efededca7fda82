import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Person } from '../task/audience.ts';
import { acceptedCall } from '../testing/accepted-call.ts';
import { followOpen } from '../testing/follow-open.ts';
import { createFakeClock, createScriptedConnection } from '../testing/index.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import type { TaskUpdate } from './client-api.ts';
import { openMailbox } from './mailbox.ts';
import { createTaskClient } from './task-client.ts';

// Answers load the schema interpreter, and a fake clock would not wait for that.
await import('../schema/index.ts');
await import('./answer-question.ts');

const working = { taskId: 't1', status: 'working', ttlMs: 60_000, pollIntervalMs: 1_000 };
const properties = { approve: { type: 'boolean' } };
const asks = (message: string) => ({
  ...working,
  status: 'input_required',
  inputRequests: {
    approve: {
      method: 'elicitation/create',
      params: { mode: 'form', message, requestedSchema: { type: 'object', properties, required: ['approve'] } },
    },
  },
});
const accept = { action: 'accept', content: { approve: true } };
const completed = { ...working, status: 'completed', result: { content: [] } };

/** A server whose task asks, and completes once it is answered or cancelled. */
function createWorld() {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock });
  const server = { reply: asks('Approve?') as object, updates: [] as unknown[] };
  const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
  const connection = createScriptedConnection({ revision: '2026-07-28', capabilities }, ({ method, params }) => {
    if (method === 'tools/call') return { resultType: 'task', ...working };
    if (method === 'tasks/get') return { ...server.reply };
    if (method === 'tasks/update') server.updates.push(params.inputResponses);
    server.reply = method === 'tasks/cancel' ? { ...working, status: 'cancelled' } : completed;
    return {};
  });
  const openClient = (owner: string) => createTaskClient({ connection, store, clock, owner });
  const mailbox = openMailbox(store, { clock });
  return { clock, store, server, connection, openClient, mailbox };
}

async function callTask(client: ReturnType<typeof createTaskClient>): Promise<string> {
  const call = await acceptedCall(client, { name: 'deploy' });
  if (call.kind !== 'task') throw new Error('expected a task');
  return call.task.id;
}

/** A task that asks, driven by a worker. */
async function askingWorld() {
  const world = createWorld();
  const client = world.openClient('worker:1:a');
  const id = await callTask(client);
  await world.clock.advance(1_000);
  return { ...world, client, id };
}

async function collect(updates: AsyncIterable<TaskUpdate>): Promise<string[]> {
  const kinds: string[] = [];
  for await (const { kind, record } of updates) kinds.push(kind === 'status' ? record.status : kind);
  return kinds;
}

test('the worker sends an answer given in a mailbox; answer() resolves once the server acknowledged it', async () => {
  const { id, mailbox, clock, server } = await askingWorld();
  const question = await mailbox.get(id).question('approve');
  expect(question.request.params.message).toBe('Approve?');
  const answered = question.answer(accept);
  await clock.advance(3_000);
  await answered;
  expect(server.updates).toEqual([{ approve: accept }]);
});

test('an answer given in a mailbox is refused when the question changed', async () => {
  const { id, mailbox, clock, server } = await askingWorld();
  const question = await mailbox.get(id).question('approve');
  server.reply = asks('Approve the other one?');
  await clock.advance(2_000);
  await expect(question.answer(accept)).rejects.toMatchObject({ code: 'question-changed' });
  await expect(mailbox.get(id).question('approve', question.digest)).rejects.toMatchObject({
    code: 'question-changed',
  });
  expect(server.updates).toEqual([]);
});

test('answer() rejects when the server refused the answer and acknowledged another one', async () => {
  const { id, mailbox, client, store, clock } = await askingWorld();
  await client.close();
  const question = await mailbox.get(id).question('approve');
  const answered = question.answer(accept);
  const stateOf = async () => (await store.read(id))?.ledger.approve;
  let given = await stateOf();
  while (given?.state !== 'answering') given = await stateOf();
  const { digest, since } = given;
  const other = { state: 'acknowledged', digest, at: since + 2_000, givenAt: since + 1_000 } as const;
  await store.update(id, (record) => ({ ...record, ledger: { approve: other } }));
  const refused = expect(answered).rejects.toMatchObject({ code: 'question-not-open' });
  await clock.advance(5_000);
  await refused;
});

test('an answer that does not match the schema of its question is refused before it is saved', async () => {
  const { id, mailbox, store } = await askingWorld();
  const question = await mailbox.get(id).question('approve');
  const wrong = question.answer({ action: 'accept', content: { approve: 'yes' } });
  await expect(wrong).rejects.toMatchObject({ code: 'answer-invalid', problems: [{ path: '/approve' }] });
  expect((await store.read(id))?.ledger.approve?.state).toBe('open');
});

test('a mailbox follows a task to its end, and can answer inside the loop over updates()', async () => {
  const { id, mailbox, clock } = await askingWorld();
  const kinds: string[] = [];
  const followed = (async () => {
    for await (const update of mailbox.get(id).updates()) {
      kinds.push(update.kind);
      if (update.kind === 'question') await update.question.answer(accept);
    }
  })();
  const outcome = mailbox.get(id).outcome();
  await clock.advance(5_000);
  await followed;
  expect(await outcome).toEqual({ status: 'completed', result: { content: [] } });
  expect(kinds.slice(0, 2)).toEqual(['status', 'question']);
  expect(kinds.at(-1)).toBe('settled');
  expect(await collect(mailbox.get(id).updates())).toEqual(['settled']);
});

test('a cancel request saved in a mailbox is sent by the worker', async () => {
  const { id, mailbox, clock, connection } = await askingWorld();
  const cancelled = mailbox.get(id).cancel();
  await clock.advance(3_000);
  await cancelled;
  expect(connection.count('tasks/cancel')).toBe(1);
  expect((await mailbox.get(id).record()).outcome?.status).toBe('cancelled');
  await expect(mailbox.get(id).cancel()).rejects.toMatchObject({ code: 'already-settled' });
});

test('answer() without a running worker rejects after five seconds; the next worker sends the answer', async () => {
  const { id, mailbox, clock, client, server, openClient } = await askingWorld();
  await client.close();
  const question = await mailbox.get(id).question('approve');
  const refused = expect(question.answer(accept)).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('no worker holds the task'),
  });
  await clock.advance(5_000);
  await refused;
  expect(server.updates).toEqual([]);
  await followOpen(openClient('worker:2:b'));
  await clock.advance(3_000);
  expect(server.updates).toEqual([{ approve: accept }]);
});

test('forget() in a mailbox ends updates(), and the worker stops polling the task', async () => {
  const { id, mailbox, clock, connection } = await askingWorld();
  const kinds = collect(mailbox.get(id).updates());
  await clock.settle();
  await mailbox.get(id).forget();
  expect(await kinds).toEqual(['input_required', 'question']);
  await clock.advance(1_000);
  const polls = connection.count('tasks/get');
  await clock.advance(60_000);
  expect(connection.count('tasks/get')).toBe(polls);
});

test('a mailbox handle reads the store on first use, and throws `not-found` for a missing record', async () => {
  const { mailbox, store } = createWorld();
  for (const id of ['aa1', 'aa2']) await store.create(sampleRecord({ id }));
  await expect(mailbox.get('zz').record()).rejects.toMatchObject({ code: 'not-found' });
  await expect(mailbox.get('').record()).rejects.toMatchObject({ code: 'not-found' });
  await expect(mailbox.get('aa').updates().next()).rejects.toMatchObject({ code: 'ambiguous-id' });
  await expect(mailbox.get('aa1').question('approve')).rejects.toMatchObject({ code: 'question-not-open' });
  await expect(mailbox.get('aa1').cancel()).rejects.toMatchObject({ code: 'unsupported' });
  expect((await mailbox.list({}, { limit: 1 })).records.map(({ id }) => id)).toEqual(['aa1']);
});

test('outcome() in a mailbox ends on a timeout, on abort, at a question, or when the mailbox closes', async () => {
  const { id, mailbox, clock, store } = await askingWorld();
  const task = mailbox.get(id);
  expect(await task.outcome({ stopOnInput: true })).toEqual({ status: 'input_required' });
  const late = task.outcome({ timeoutMs: 1_500 });
  await clock.advance(2_000);
  expect(await late).toEqual({ status: 'timed_out' });
  expect(await task.outcome({ signal: AbortSignal.abort() })).toEqual({ status: 'detached' });
  const [left, updates] = [task.outcome(), collect(task.updates())];
  await clock.settle();
  await mailbox.close();
  expect(await left).toEqual({ status: 'detached' });
  expect(await updates).toEqual(['input_required', 'question']);
  expect(await store.read(id)).toMatchObject({ id });
});

test('only members of its audience can answer a question, and the record names the person', async () => {
  const { clock, store, openClient, server } = createWorld();
  const client = openClient('worker:1:a');
  const handle = await client.start({ name: 'deploy', audience: ['anna', 'release'] });
  await clock.advance(2_000);
  const asked = async (person?: Person) => openMailbox(store, { clock, person }).get(handle.id).question('approve');
  const answerAs = async (person?: Person) => (await asked(person)).answer(accept);
  expect((await asked()).audience).toEqual(['anna', 'release']);
  const refused = { code: 'not-allowed', message: expect.stringContaining('for anna, release') };
  await expect(answerAs()).rejects.toMatchObject(refused);
  await expect(answerAs({ name: 'bob' })).rejects.toMatchObject(refused);
  await expect(answerAs({ name: 'bob', groups: ['sales'] })).rejects.toMatchObject(refused);
  await expect((await handle.question('approve')).answer(accept)).rejects.toMatchObject(refused);
  expect(server.updates).toEqual([]);
  const answered = answerAs({ name: 'carl', groups: ['release'] });
  await clock.advance(3_000);
  await answered;
  expect(server.updates).toEqual([{ approve: accept }]);
  expect((await store.read(handle.id))?.ledger.approve).toMatchObject({ state: 'acknowledged', by: 'carl' });
});

test('only the assignees can answer an assigned question, even after the server rewords it', async () => {
  const { id, store, clock, server } = await askingWorld();
  const [anna, bob] = [{ name: 'anna' }, { name: 'bob' }].map((person) => openMailbox(store, { clock, person }));
  await (await bob?.get(id).question('approve'))?.assign(['anna']);
  server.reply = asks('Approve the other one?');
  await clock.advance(2_000);
  const question = await bob?.get(id).question('approve');
  expect(question).toMatchObject({ audience: ['anna'], request: { params: { message: 'Approve the other one?' } } });
  await expect(question?.answer(accept)).rejects.toMatchObject({ code: 'not-allowed' });
  const answered = (await anna?.get(id).question('approve'))?.answer(accept);
  await clock.advance(3_000);
  await answered;
  expect((await store.read(id))?.ledger.approve).toMatchObject({ by: 'anna', audience: ['anna'] });
});
