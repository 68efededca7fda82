import type { Claim, TaskStore, Tenure } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { assert, assertDefined, assertEqual } from './assert.ts';
import { sampleRecord } from './sample-record.ts';
import type { TimedRule } from './store-rule.ts';

export const rename = (record: TaskRecord): TaskRecord => ({ ...record, tool: 'renamed' });
export const ids = (claims: readonly Claim[]): readonly string[] => claims.map(({ record }) => record.id);

export async function join(store: TaskStore, owner: string): Promise<Tenure> {
  return assertDefined(await store.renew(owner), `the first heartbeat of ${owner}`);
}

export async function claimOne(store: TaskStore, owner: string, id: string): Promise<Claim> {
  const [claim] = await store.claim({ owner, limit: 1, ids: [id] });
  return assertDefined(claim, `${owner} claims ${id}`);
}

/** Passes time in steps, with heartbeats of this owner. */
async function passTimeWithHeartbeats(
  store: TaskStore,
  passTime: (ms: number) => Promise<void>,
  tenure: Tenure,
  parts: number,
) {
  for (let part = 0; part < parts; part += 1) {
    await passTime(tenure.lifetimeMs / 2);
    assertDefined(await store.renew(tenure.owner), `a heartbeat of ${tenure.owner}`);
  }
}

export const ownerChecks: readonly TimedRule[] = [
  {
    title: 'claims of two owners never overlap, keep their limit, and cover every task',
    async check({ store, other }) {
      for (let count = 0; count < 12; count += 1) await store.create(sampleRecord({ id: `a${count}` }));
      await join(store, 'mona');
      await join(other, 'otto');
      const claims = await Promise.all([
        store.claim({ owner: 'mona', limit: 5 }),
        other.claim({ owner: 'otto', limit: 5 }),
        store.claim({ owner: 'mona', limit: 5 }),
        other.claim({ owner: 'otto', limit: 5 }),
      ]);
      assert(
        claims.every((part) => part.length <= 5),
        'no claim goes over its limit',
      );
      const all = claims.flatMap(ids);
      assertEqual([...new Set(all)].length, all.length, 'how many tasks were claimed, and how often');
      assertEqual(all.length, 12, 'how many tasks were claimed');
      assertEqual(ids(await other.claim({ owner: 'otto', limit: 5 })), [], 'what is left');
    },
  },
  {
    title: 'a record created for a living owner is leased to it at once; other records are free',
    async check({ store, other }) {
      await join(store, 'mona');
      await join(other, 'otto');
      await store.create(sampleRecord({ id: 'held' }), 'mona');
      await store.create(sampleRecord({ id: 'free' }), 'unknown-owner');
      assertEqual(await other.ownerOf('held'), 'mona', 'who holds it');
      assertEqual(ids(await other.claim({ owner: 'otto', limit: 5 })), ['free'], 'what another owner gets');
      const { lease } = await claimOne(store, 'mona', 'held');
      assertEqual((await store.update('held', rename, lease))?.tool, 'renamed', 'a write under the lease');
    },
  },
  {
    title: 'the task due first is claimed first, after tasks without a planned poll',
    async check({ store }) {
      await store.create(sampleRecord({ id: 'late', nextPollAt: 30 }));
      await store.create(sampleRecord({ id: 'soon', nextPollAt: 10 }));
      await store.create(sampleRecord({ id: 'done', phase: 'settled', nextPollAt: 1 }));
      await store.create(sampleRecord({ id: 'new' }));
      await join(store, 'mona');
      assertEqual(ids(await store.claim({ owner: 'mona', limit: 2 })), ['new', 'soon'], 'the first claim');
      assertEqual(ids(await store.claim({ owner: 'mona', limit: 2 })), ['late'], 'the second claim');
    },
  },
  {
    title: 'a claim returns only tasks of the named servers and records',
    async check({ store }) {
      const server = { fingerprint: 'server-b', label: 'b', target: { kind: 'host', name: 'b' } } as const;
      await store.create(sampleRecord({ id: 'a1' }));
      await store.create(sampleRecord({ id: 'b1', server }));
      await store.create(sampleRecord({ id: 'b2', server }));
      await join(store, 'mona');
      assertEqual(ids(await store.claim({ owner: 'mona', limit: 9, ids: ['b2', 'gone'] })), ['b2'], 'by id');
      assertEqual(ids(await store.claim({ owner: 'mona', limit: 9, fingerprints: ['server-b'] })), ['b1'], 'by server');
      const again = await store.claim({ owner: 'mona', limit: 9, fingerprints: ['server-b'] });
      assertEqual(ids(again), [], 'tasks that it holds are not returned again');
      assertEqual(ids(await store.claim({ owner: 'mona', limit: 9, ids: ['b2'] })), ['b2'], 'unless it is named');
    },
  },
  {
    title: 'the first claim of an owner is its first heartbeat',
    async check({ store, other, passTime }) {
      for (const id of ['a1', 'a2']) await store.create(sampleRecord({ id }));
      await claimOne(store, 'mona', 'a1');
      assertEqual(await other.ownerOf('a1'), 'mona', 'who holds it');
      const { lifetimeMs } = await join(store, 'mona');
      assertEqual(await other.ownerOf('a1'), 'mona', 'who holds it after a heartbeat');
      await passTime(lifetimeMs);
      await claimOne(other, 'otto', 'a2');
      assertEqual(ids(await store.claim({ owner: 'mona', limit: 9 })), [], 'claims of an expired owner');
      assertEqual(await store.renew('mona'), undefined, 'its next heartbeat');
    },
  },
  {
    title: 'one heartbeat extends all leases of an owner',
    async check({ store, other, passTime }) {
      for (let count = 0; count < 3; count += 1) await store.create(sampleRecord({ id: `a${count}` }));
      const mona = await join(store, 'mona');
      const claims = await store.claim({ owner: 'mona', limit: 3 });
      await passTimeWithHeartbeats(store, passTime, mona, 5);
      await join(other, 'otto');
      assertEqual(ids(await other.claim({ owner: 'otto', limit: 3 })), [], 'what another may claim');
      assertEqual(await other.ownerOf('a1'), 'mona', 'who holds it');
      for (const { record, lease } of claims) {
        assertEqual((await store.update(record.id, rename, lease))?.tool, 'renamed', `a write to ${record.id}`);
      }
    },
  },
  {
    title: 'a task of an expired owner goes to another owner under a higher fence, and a stale write is refused',
    async check({ store, other, passTime }) {
      await store.create(sampleRecord({ id: 'a1' }));
      const { lifetimeMs } = await join(store, 'mona');
      const first = await claimOne(store, 'mona', 'a1');
      await passTime(lifetimeMs - 1);
      const otto = await join(other, 'otto');
      assertEqual(ids(await other.claim({ owner: 'otto', limit: 1 })), [], 'a moment before its lifetime is over');
      await passTime(1);
      assertEqual(await other.ownerOf('a1'), undefined, 'who holds it at its end');
      const second = await claimOne(other, otto.owner, 'a1');
      assert(second.lease.fence > first.lease.fence, `the fence grows: ${first.lease.fence}, ${second.lease.fence}`);
      assertEqual(await store.update('a1', rename, first.lease), undefined, 'a write under the lost lease');
      assertEqual((await store.read('a1'))?.tool, 'deploy', 'the record after it');
      assertEqual((await other.update('a1', rename, second.lease))?.tool, 'renamed', 'a write under the lease');
    },
  },
  {
    title: 'the heartbeat of an expired owner returns undefined; the owner holds nothing and may start again',
    async check({ store, other, passTime }) {
      for (const id of ['a1', 'a2']) await store.create(sampleRecord({ id }));
      const { lifetimeMs } = await join(store, 'mona');
      const kept = await claimOne(store, 'mona', 'a2');
      await claimOne(store, 'mona', 'a1');
      await passTime(lifetimeMs);
      await join(other, 'otto');
      await claimOne(other, 'otto', 'a1');
      assertEqual(await store.renew('mona'), undefined, 'the heartbeat that comes too late');
      await join(store, 'mona');
      assertEqual(
        await store.update('a2', rename, kept.lease),
        undefined,
        'a write to a task that no other owner claimed',
      );
      assertEqual(ids(await store.claim({ owner: 'mona', limit: 9 })), ['a2'], 'what it may claim again');
    },
  },
  {
    title: 'a late heartbeat loses nothing while no other owner has claimed',
    async check({ store, passTime }) {
      await store.create(sampleRecord({ id: 'a1' }));
      const { lifetimeMs } = await join(store, 'mona');
      const { lease } = await claimOne(store, 'mona', 'a1');
      await passTime(2 * lifetimeMs);
      assertDefined(await store.renew('mona'), 'the late heartbeat');
      assertEqual((await store.update('a1', rename, lease))?.tool, 'renamed', 'a write after it');
    },
  },
  {
    title: 'a released task is free at once, and its fence is not reused',
    async check({ store, other }) {
      for (const id of ['a1', 'a2']) await store.create(sampleRecord({ id }));
      await join(store, 'mona');
      const first = await claimOne(store, 'mona', 'a1');
      await claimOne(store, 'mona', 'a2');
      await store.release([first.lease]);
      assertEqual(await store.ownerOf('a1'), undefined, 'who holds it after the release');
      assertEqual(await store.update('a1', rename, first.lease), undefined, 'a write after the release');
      await join(other, 'otto');
      const [second] = await other.claim({ owner: 'otto', limit: 9 });
      assertEqual(second?.record.id, 'a1', 'what another may claim');
      assert((second?.lease.fence ?? 0) > first.lease.fence, 'the fence grows');
      await store.release([first.lease]);
      assertEqual(await store.ownerOf('a1'), 'otto', 'who holds it after a late release');
      await store.leave('mona');
      assertEqual(ids(await other.claim({ owner: 'otto', limit: 9 })), ['a2'], 'what is free when its owner has left');
    },
  },
  {
    title: 'the lease of one task is refused for another',
    async check({ store }) {
      for (const id of ['a1', 'a2']) await store.create(sampleRecord({ id }));
      const { lease } = await claimOne(store, 'mona', 'a1');
      await claimOne(store, 'mona', 'a2');
      assertEqual(await store.update('a2', rename, lease), undefined, 'a write to a2 under the lease of a1');
    },
  },
];
