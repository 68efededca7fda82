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
    'a process that slept through its lease writes nothing when it wakes, and sees the end by the other',
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
    await other.saying(({ statusMessage }) => String(statusMessage).startsWith('seen by the other'));
    // The reply to a poll from before the sleep waits in its socket.
    release(complete({ ...WORKING, statusMessage: 'of before the sleep' }));
    sleeper.process.kill('SIGCONT');
    await sleeper.saying(({ statusMessage }) => String(statusMessage).startsWith('seen by the other'));
    const polled = polledByOther;
    await expect.poll(() => polledByOther).toBeGreaterThan(polled + 3);
    done = true;
    expect(await sleeper.saying(({ kind }) => kind === 'settled')).toMatchObject({ status: 'completed' });
    expect(await Promise.all([sleeper.ended, other.ended])).toEqual([0, 0]);
    expect(polledAsleep).toBe(0);
    const said = JSON.stringify([sleeper.said, other.said]);
    expect(said).not.toContain('of before the sleep');
    const store = await openSqliteStore({ directory });
    const [record] = (await store.find('t1')).records;
    expect(record).toMatchObject({ phase: 'settled', outcome: { status: 'completed' } });
    expect(JSON.stringify(record)).not.toContain('of before the sleep');
    await store.close();
    expect(server.count('tools/call')).toBe(1);
  },
);

test(
  verifies(
    'Q3',
    'an answer survives kill -9 on disk until the server has it, goes out again unasked, and is gone from the disk then',
  ),
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
    await killed.saying(({ kind }) => kind === 'question');
    killed.tell({ answer: 'secret', response });
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
    expect(next.said.filter(({ kind }) => kind === 'question')).toHaveLength(1);
    next.tell({ answer: 'secret', response });
    expect(await next.saying(({ refused }) => refused !== undefined)).toEqual({ refused: 'question-not-open' });
  },
);

test(
  verifies('M1', 'a process that is killed while it leads is replaced at once, and the tool is called once'),
  async () => {
    const directory = freshDirectory();
    let done = false;
    const server = await serveFaulty(({ method }) => {
      if (method === 'tools/call') return CREATE;
      if (method !== 'tasks/get') return undefined;
      return done ? COMPLETED : complete(WORKING);
    });
    const leader = spawnHost({ url: server.url, directory, name: 'leader' });
    await leader.saying(({ following }) => following !== undefined);
    const second = spawnHost({ url: server.url, directory, name: 'second', resume: 't1' });
    await second.saying(({ following }) => following !== undefined);
    leader.process.kill('SIGKILL');
    await leader.ended;
    done = true;
    expect(await second.saying(({ kind }) => kind === 'settled')).toMatchObject({ status: 'completed' });
    const polled = server.requests
      .filter(({ method }) => method === 'tasks/get')
      .map(({ headers }) => headers['x-process']);
    expect(polled.at(-1)).toBe('second');
    expect(server.count('tools/call')).toBe(1);
  },
);

test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)(
  `${verifies('L5', 'a process that is ended by')} %s sends no cancel, and its task is on record`,
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
    'a real process whose disk takes nothing any more sends nothing after its ownership, and another finishes the task',
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
    await full.saying(({ notice }) => notice !== undefined);
    const other = spawnHost({ url: server.url, directory, name: 'other', resume: 't1', ...time });
    const pollers = () =>
      server.requests.filter(({ method }) => method === 'tasks/get').map(({ headers }) => headers['x-process']);
    await expect
      .poll(() => pollers().filter((name) => name === 'other').length, { timeout: 20_000 })
      .toBeGreaterThan(3);
    done = true;
    expect(await other.saying(({ kind }) => kind === 'settled')).toMatchObject({ status: 'completed' });
    expect(pollers().slice(pollers().indexOf('other'))).not.toContain('full');
    expect(full.said.flatMap(({ notice }) => notice ?? [])).toEqual([
      expect.stringMatching(/^NOT SAVED: deploy \(t1\) keeps the state that was last saved/),
    ]);
    expect(server.count('tools/call')).toBe(1);
  },
);
