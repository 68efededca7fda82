import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import { digestQuestion } from '../../packages/client/src/task/question.ts';
import { freshHome, start } from '../commands/support.ts';
import { type Act, serveFaulty } from './faulty-server.ts';
import { verifies } from './scenarios.ts';
import { QUESTION } from './world.ts';

const RESULT = { resultType: 'complete', content: [{ type: 'text', text: 'done' }] };
const task = { taskId: 't1', status: 'working', ttlMs: 60_000, ttl: 60_000, pollIntervalMs: 250, pollInterval: 250 };
const asking = { ...task, status: 'input_required', inputRequests: { approve: QUESTION } };

test.each([
  ['2026-07-28', ['server/discover', 'subscriptions/listen', 'tasks/get', 'tools/list']],
  [
    '2025-11-25',
    ['initialize', 'notifications/initialized', 'ping', 'server/discover', 'tasks/get', 'tasks/result', 'tools/list'],
  ],
] as const)(
  `${verifies('M1', 'watch --read-only on a server of')} %s sends only reads, even when an answer and a cancel are unsent`,
  async (revision, allowed) => {
    const home = freshHome();
    let done = false;
    const server = await serveFaulty(
      ({ method }): Act | undefined => {
        if (method === 'tools/call') {
          return { result: revision === '2026-07-28' ? { resultType: 'task', ...task } : { task } };
        }
        if (method === 'tasks/result') return done ? { result: { content: RESULT.content } } : 'hang';
        if (method !== 'tasks/get') return undefined;
        return {
          result: { resultType: 'complete', ...(done ? { ...task, status: 'completed', result: RESULT } : asking) },
        };
      },
      { revision, taskSupport: 'required' },
    );
    const called = await start(['call', server.url, 'deploy', '--detach'], { home }).done;
    expect(called.code, called.stderr).toBe(0);
    const before = server.requests.length;
    const watching = start(['watch', server.url, '--read-only', '--jsonl'], { home });
    await watching.waitFor('input_required');
    const store = await openSqliteStore({ directory: join(home, 'state') });
    const [record] = (await store.list()).records;
    await store.update(record?.id ?? '', (current) => ({
      ...current,
      cancelRequestedAt: Date.now(),
      ledger: {
        approve: {
          state: 'answering',
          digest: digestQuestion(QUESTION),
          response: { action: 'accept' },
          since: Date.now(),
        },
      },
    }));
    const polls = server.count('tasks/get');
    await expect.poll(() => server.count('tasks/get')).toBeGreaterThan(polls + 4);
    expect((await store.list()).records[0]).toMatchObject({ ledger: { approve: { state: 'answering' } } });
    const waitedOnStream = server.count('tasks/result');
    done = true;
    const { code, stderr } = await watching.done;
    expect(code, stderr).toBe(0);
    await store.close();
    const sent = server.requests.slice(before).map(({ method }) => method);
    expect(sent.filter((method) => !(allowed as readonly string[]).includes(method))).toEqual([]);
    expect(waitedOnStream).toBe(0);
  },
);
