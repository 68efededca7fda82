import { createFakeClock } from '@mcp-tasks/client/testing';
import { expect, test } from 'vitest';
import { task } from '../state/play.ts';
import { createLostCalls } from './lost-calls.ts';

function createCalls(ownerOf: (id: string) => Promise<string | undefined>) {
  const clock = createFakeClock();
  const reported: unknown[] = [];
  const lost = createLostCalls({ ...clock, store: { ownerOf }, onLost: (records) => reported.push(...records) });
  const call = task('call01', { phase: 'intent', status: 'unknown', taskId: null, createdAt: clock.now() });
  return { clock, reported, lost, call };
}

test('a call whose process has ended is lost, and one of a live process is not', async () => {
  const owners = new Map([['call01', 'other']]);
  const { clock, reported, lost, call } = createCalls(async (id) => owners.get(id));
  expect(lost.read([call])).toEqual([call]);
  await clock.advance(30_000);
  expect(reported).toEqual([]);
  owners.clear();
  await clock.advance(2_000);
  expect(reported).toMatchObject([
    { id: 'call01', contact: { kind: 'lost' }, trouble: expect.stringContaining('is gone') },
  ]);
  expect(lost.read([call])).toMatchObject([{ contact: { kind: 'lost' } }]);
  expect(clock.pending).toBe(0);
});

test('a call is not lost in its first five seconds, while its process claims the lease', async () => {
  const { clock, reported, lost, call } = createCalls(async () => undefined);
  lost.read([call]);
  await clock.advance(4_999);
  expect(reported).toEqual([]);
  await clock.advance(2_000);
  expect(reported).toHaveLength(1);
});

test('a call lost in this process is shown as lost, even if its record could not be saved', async () => {
  const { reported, lost, call } = createCalls(() => Promise.reject(new Error('the disk is full')));
  lost.read([call]);
  lost.add(call, 'the server ended');
  const shown = { ...call, contact: { kind: 'lost', since: call.createdAt }, trouble: 'the server ended' };
  expect(reported).toEqual([shown]);
  expect(lost.read([call])).toEqual([shown]);
  const open = task('call01');
  expect(lost.read([open])).toEqual([open]);
});

test('no call is lost while the store cannot read leases', async () => {
  const { clock, reported, lost, call } = createCalls(() => Promise.reject(new Error('the disk is full')));
  lost.read([call]);
  await clock.advance(30_000);
  expect(reported).toEqual([]);
  lost.stop();
  expect(clock.pending).toBe(0);
});
