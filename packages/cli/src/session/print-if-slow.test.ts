import type { FollowedTask, Question } from '@mcp-tasks/client';
import { expect, test } from 'vitest';
import { task } from '../live/state/play.ts';
import { createDeferred } from '../live/world/deferred.ts';
import { createFakeSession } from './fake-session.ts';
import { printIfSlow } from './print-if-slow.ts';
import { sendAnswer } from './send-answer.ts';

test('work that takes more than 2 s prints its text once', async () => {
  const { clock, lines, session } = createFakeSession();
  const work = createDeferred<string>();
  const done = printIfSlow(session, work.promise, 'Connecting …');
  await clock.advance(1_999);
  expect(lines).toEqual([]);
  await clock.advance(60_000);
  expect(lines).toEqual(['Connecting …']);
  work.resolve('connected');
  expect(await done).toBe('connected');
});

test.each(['done', 'failed'])('work that is %s within 2 s prints nothing and leaves no timer', async (how) => {
  const { clock, lines, session } = createFakeSession();
  const work = how === 'done' ? Promise.resolve() : Promise.reject(new Error('refused'));
  await printIfSlow(session, work, 'Connecting …').catch(() => undefined);
  await clock.advance(60_000);
  expect(lines).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('an answer not acknowledged after 5 s is reported as saved', async () => {
  const { clock, lines, session } = createFakeSession();
  const acknowledged = createDeferred<void>();
  const question: Pick<Question, 'key' | 'answer'> = { key: 'approve', answer: () => acknowledged.promise };
  const handle: Pick<FollowedTask, 'id' | 'latest'> = { id: 'a1', latest: task('a1') };
  const sent = sendAnswer(session, handle, question, { action: 'accept', content: {} });
  await clock.advance(4_999);
  expect(lines).toEqual([]);
  await clock.advance(1);
  expect(lines).toEqual([expect.stringMatching(/^a1 {2}approve: saved; waiting for .* to acknowledge it; Ctrl-C/)]);
  acknowledged.resolve();
  await sent;
  expect(clock.pending).toBe(0);
});
