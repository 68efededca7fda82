import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, test } from 'vitest';
import { task } from '../live/state/play.ts';
import { createFakeSession } from './fake-session.ts';
import { openMailedTask } from './mailed-task.ts';
import type { Session } from './session.ts';

/** An open task of a shared store that no worker drives. */
async function fixture() {
  const played = createFakeSession();
  const store = createMemoryStore({ clock: played.clock });
  const record = task('a1');
  await store.create(record);
  const session: Session = { ...played.session, store, isShared: true };
  return { ...played, store, record, session };
}

test('a task of a shared store without a worker prints a warning after 2 s', async () => {
  const { clock, lines, session, record } = await fixture();
  const { client } = openMailedTask(session, record);
  await clock.advance(1_999);
  expect(lines).toEqual([]);
  await clock.advance(1);
  await clock.settle();
  expect(lines).toEqual([expect.stringContaining('worker')]);
  await client.close();
});

test('a task that is closed within 2 s, or that a worker drives, prints no warning', async () => {
  const { clock, lines, session, record, store } = await fixture();
  await openMailedTask(session, record).client.close();
  await store.claim({ owner: 'host:7:w', limit: 1 });
  const { client } = openMailedTask(session, record);
  await clock.advance(2_000);
  await clock.settle();
  expect(lines).toEqual([]);
  await client.close();
});
