import { expect, test } from 'vitest';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import type { JsonObject } from '../../packages/client/src/task/json.ts';
import { type Act, complete, serveFaulty } from './faulty-server.ts';
import { bytesOf, freshDirectory, spawnHost } from './processes.ts';
import { verifies } from './scenarios.ts';
import { CREATED, QUESTION, WORKING } from './world.ts';

const RESULT = { resultType: 'complete', content: [{ type: 'text', text: 'done' }] };
const CREATE: Act = { result: { ...CREATED, pollIntervalMs: 1_000 } };
const COMPLETED = complete({ ...WORKING, status: 'completed', result: RESULT });
/** A ten-second lease expires after two seconds. */
const time = { tempo: 5, epoch: Date.now() };
const PASSWORD = 'hunter2-and-more';

test(
  verifies(
    ['M1', 'O2'],
    'a process that slept through its lease writes nothing on waking, and sees the end that another process recorded',
  ),
  async () => {
    const directory = freshDirectory();
    let release: (act: Act) => void = () => undefined;
    let stopped = false;
    let done = false;
    let polledByOther = 0;
    let polledAsleep = 0;
    const server = await serveFaulty(({ method, headers }) => {
      if (method === 'tools/call') return CREATE;
      if (method !== 'tasks/get') return undefined;
      if (headers['x-process'] === 'sleeper') {
        if (!stopped) return new Promise<Act>((resolve) => (release = resolve));
        polledAsleep += 1;
        return 'hang';
      }
      polledByOther += 1;
      return done ? COMPLETED : complete({ ...WORKING, statusMessage: `seen by the other, ${polledByOther}` });
    });
    const sleeper = spawnHost({ url: server.url, directory, name: 'sleeper', ...time });
    await expect.poll(() => server.count('tasks/get')).toBe(1);
    stopped = true;
    sleeper.process.kill('SIGSTOP');
    const other = spawnHost({ url: server.url, directory, name: 'other', resume: 't1', ...time });
    await other.waitFor(({ statusMessage }) => String(statusMessage).startsWith('seen by the other'));
    // The reply to a poll from before the sleep waits in its socket.
    release(complete({ ...WORKING, statusMessage: 'of before the sleep' }));
    sleeper.process.kill('SIGCONT');
    await sleeper.waitFor(({ statusMessage }) => String(statusMessage).startsWith('seen by the other'));
    const polled = polledByOther;
    await expect.poll(() => polledByOther).toBeGreaterThan(polled + 3);
    done = true;
    expect(await sleeper.waitFor(({ kind }) => kind === 'settled')).toMatchObject({ status: 'completed' });
    expect(await Promise.all([sleeper.ended, other.ended])).toEqual([0, 0]);
    expect(polledAsleep).toBe(0);
    const events = JSON.stringify([sleeper.events, other.events]);
    expect(events).not.toContain('of before the sleep');
    const store = await openSqliteStore({ directory });
    const [record] = (await store.find('t1')).records;
    expect(record).toMatchObject({ phase: 'settled', outcome: { status: 'completed' } });
    expect(JSON.stringify(record)).not.toContain('of before the sleep');
    await store.close();
    expect(server.count('tools/call')).toBe(1);
  },
);

test(
  verifies('Q3', 'an answer on disk survives kill -9, is resent by the next process, and is erased once acknowledged'),
  async () => {
    const directory = freshDirectory();
    let acknowledge: (act: Act) => void = () => undefined;
    const updates: JsonObject[] = [];
    const server = await serveFaulty(({ method, params, headers }) => {
      if (method === 'tools/call') return CREATE;
      if (method === 'tasks/get') {
        return complete({ ...WORKING, status: 'input_required', inputRequests: { approve: QUESTION, secret: SECRET } });
      }
      if (method !== 'tasks/update') return undefined;
      updates.push(params.inputResponses as JsonObject);
      if (headers['x-process'] === 'killed') return 'hang';
      return new Promise<Act>((resolve) => {
        acknowledge = resolve;
      });
    });
    const SECRET = { method: 'elicitation/create', params: { mode: 'form', message: 'Password?' } };
    const response = { action: 'accept', content: { password: PASSWORD } };
    const killed = spawnHost({ url: server.url, directory, name: 'killed', ...time });
    await killed.waitFor(({ kind }) => kind === 'question');
    killed.send({ answer: 'secret', response });
    await expect.poll(() => updates.length).toBe(1);
    killed.process.kill('SIGKILL');
    await killed.ended;
    expect(bytesOf(directory).includes(PASSWORD)).toBe(true);

    const next = spawnHost({ url: server.url, directory, name: 'next', resume: 't1', ...time });
    await expect.poll(() => updates.length).toBe(2);
    expect(updates).toEqual([{ secret: response }, { secret: response }]);
    expect(bytesOf(directory).includes(PASSWORD)).toBe(true);
    acknowledge(complete({}));
    await expect.poll(() => bytesOf(directory).includes(PASSWORD)).toBe(false);
    const polls = server.count('tasks/get');
    await expect.poll(() => server.count('tasks/get')).toBeGreaterThan(polls + 2);
    expect(updates).toHaveLength(2);
    // The other question is open; this one was not asked again.
    expect(next.events.filter(({ kind }) => kind === 'question')).toHaveLength(1);
    next.send({ answer: 'secret', response });
    expect(await next.waitFor(({ refused }) => refused !== undefined)).toEqual({ refused: 'question-not-open' });
  },
);

test(verifies('M1', 'a killed process with the lease is replaced at once, and the tool is called once'), async () => {
  const directory = freshDirectory();
  let done = false;
  const server = await serveFaulty(({ method }) => {
    if (method === 'tools/call') return CREATE;
    if (method !== 'tasks/get') return undefined;
    return done ? COMPLETED : complete(WORKING);
  });
  const leader = spawnHost({ url: server.url, directory, name: 'leader' });
  await leader.waitFor(({ following }) => following !== undefined);
  const second = spawnHost({ url: server.url, directory, name: 'second', resume: 't1' });
  await second.waitFor(({ following }) => following !== undefined);
  leader.process.kill('SIGKILL');
  await leader.ended;
  done = true;
  expect(await second.waitFor(({ kind }) => kind === 'settled')).toMatchObject({ status: 'completed' });
  const polled = server.requests
    .filter(({ method }) => method === 'tasks/get')
    .map(({ headers }) => headers['x-process']);
  expect(polled.at(-1)).toBe('second');
  expect(server.count('tools/call')).toBe(1);
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)(
  `${verifies('L5', 'a process that is ended by')} %s sends no cancel, and its task stays recorded`,
  async (signal) => {
    const directory = freshDirectory();
    const server = await serveFaulty(({ method }) => {
      if (method === 'tools/call') return CREATE;
      return method === 'tasks/get' ? complete(WORKING) : undefined;
    });
    const host = spawnHost({ url: server.url, directory, name: 'host', ...time });
    const sent = () => new Set(server.requests.map(({ method }) => method));
    const needed = new Set(['server/discover', 'subscriptions/listen', 'tools/call', 'tasks/get']);
    await expect.poll(sent).toEqual(needed);
    host.process.kill(signal);
    await host.ended;
    expect(sent()).toEqual(needed);
    const store = await openSqliteStore({ directory });
    expect((await store.list({ open: true })).records).toMatchObject([
      { taskId: 't1', phase: 'open', status: 'working' },
    ]);
    await store.close();
  },
);

test(
  verifies(
    ['M5', 'O1'],
    'a real process on a full disk sends nothing after its lease ends, and another process finishes the task',
  ),
  async () => {
    const directory = freshDirectory();
    let done = false;
    const server = await serveFaulty(({ method, count }) => {
      if (method === 'tools/call') return CREATE;
      if (method !== 'tasks/get') return undefined;
      if (done) return COMPLETED;
      // Each change takes 20,000 bytes of a disk with room for a few.
      return complete({ ...WORKING, statusMessage: `${count} ${'x'.repeat(20_000)}` });
    });
    const full = spawnHost({ url: server.url, directory, name: 'full', ...time, maxFileBlocks: 400 });
    await full.waitFor(({ notice }) => notice !== undefined);
    const other = spawnHost({ url: server.url, directory, name: 'other', resume: 't1', ...time });
    const pollers = () =>
      server.requests.filter(({ method }) => method === 'tasks/get').map(({ headers }) => headers['x-process']);
    await expect
      .poll(() => pollers().filter((name) => name === 'other').length, { timeout: 20_000 })
      .toBeGreaterThan(3);
    done = true;
    expect(await other.waitFor(({ kind }) => kind === 'settled')).toMatchObject({ status: 'completed' });
    expect(pollers().slice(pollers().indexOf('other'))).not.toContain('full');
    expect(full.events.flatMap(({ notice }) => notice ?? [])).toEqual([
      expect.stringMatching(/^NOT SAVED: deploy \(t1\) keeps the state that was last saved/),
    ]);
    expect(server.count('tools/call')).toBe(1);
  },
);
