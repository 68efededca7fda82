import type { TaskRecord } from '../task/record.ts';
import { assert, assertDefined, assertEqual } from './assert.ts';
import { sampleRecord } from './sample-record.ts';
import type { StoreRule } from './store-conformance.ts';

const rename = (record: TaskRecord): TaskRecord => ({ ...record, tool: 'renamed' });

export const leaseChecks: readonly StoreRule[] = [
  {
    title: 'a lease is held by one owner at a time, and renewed by its own',
    async check(store) {
      await store.create(sampleRecord({ id: 'a1' }));
      assertEqual(await store.leaseOf('a1'), undefined, 'nobody holds it at first');
      const first = assertDefined(await store.acquireLease('a1', 'mona', 0, 100), 'the first lease');
      assertEqual(first, { id: 'a1', owner: 'mona', fence: first.fence, expiresAt: 100 }, 'the first lease');
      assertEqual(await store.acquireLease('a1', 'otto', 99, 100), undefined, 'another owner before it ends');
      const renewed = await store.acquireLease('a1', 'mona', 50, 100);
      assertEqual(renewed, { ...first, expiresAt: 150 }, 'the lease renewed, with the same fence');
      assertEqual(await store.leaseOf('a1'), renewed, 'who holds it now');
    },
  },
  {
    title: 'an expired lease goes to whoever asks, under a higher fence',
    async check(store) {
      await store.create(sampleRecord({ id: 'a1' }));
      const first = assertDefined(await store.acquireLease('a1', 'mona', 0, 100), 'the first lease');
      const second = assertDefined(await store.acquireLease('a1', 'otto', 100, 100), 'the lease at its end');
      assert(second.fence > first.fence, `the fence grows: ${first.fence}, then ${second.fence}`);
      assertEqual(await store.update('a1', rename, first), undefined, 'a write under the lost lease');
      assertEqual((await store.read('a1'))?.tool, 'deploy', 'the record after it');
      assertEqual((await store.update('a1', rename, second))?.tool, 'renamed', 'a write under the lease');
    },
  },
  {
    title: 'a lease of before the clock was set back far is free, unless its owner renews it',
    async check(store) {
      await store.create(sampleRecord({ id: 'a1' }));
      await store.acquireLease('a1', 'mona', 10_000, 100);
      assertEqual(await store.acquireLease('a1', 'otto', 9_900, 100), undefined, 'set back a little');
      await store.acquireLease('a1', 'mona', 5_000, 100);
      assertEqual(await store.acquireLease('a1', 'otto', 5_000, 100), undefined, 'set back far, and renewed');
      assertDefined(await store.acquireLease('a1', 'otto', 1_000, 100), 'set back far, and not renewed');
    },
  },
  {
    title: 'an owner that comes back meets a higher fence than the one it lost',
    async check(store) {
      await store.create(sampleRecord({ id: 'a1' }));
      const lost = assertDefined(await store.acquireLease('a1', 'mona', 0, 10), 'the first lease');
      await store.acquireLease('a1', 'otto', 10, 10);
      const again = assertDefined(await store.acquireLease('a1', 'mona', 20, 10), 'the third lease');
      assert(again.fence > lost.fence + 1, `the fence grows twice: ${lost.fence}, then ${again.fence}`);
      assertEqual(await store.update('a1', rename, lost), undefined, 'a write under the old fence');
    },
  },
  {
    title: 'a released lease is free at once, and its fence is not given again',
    async check(store) {
      await store.create(sampleRecord({ id: 'a1' }));
      const first = assertDefined(await store.acquireLease('a1', 'mona', 0, 1_000), 'the first lease');
      await store.releaseLease(first);
      assertEqual(await store.leaseOf('a1'), undefined, 'who holds it after the release');
      assertEqual(await store.update('a1', rename, first), undefined, 'a write after the release');
      const second = assertDefined(await store.acquireLease('a1', 'mona', 1, 1_000), 'the same owner again');
      assert(second.fence > first.fence, `the fence grows: ${first.fence}, then ${second.fence}`);
    },
  },
  {
    title: 'only who holds a lease releases it',
    async check(store) {
      await store.create(sampleRecord({ id: 'a1' }));
      const first = assertDefined(await store.acquireLease('a1', 'mona', 0, 10), 'the first lease');
      const second = assertDefined(await store.acquireLease('a1', 'otto', 10, 10), 'the second lease');
      await store.releaseLease(first);
      assertEqual(await store.leaseOf('a1'), second, 'who holds it after a late release');
    },
  },
  {
    title: 'the proof of one task is no proof for another',
    async check(store) {
      await store.create(sampleRecord({ id: 'a1' }));
      await store.create(sampleRecord({ id: 'a2' }));
      const lease = assertDefined(await store.acquireLease('a1', 'mona', 0, 10), 'the lease of a1');
      await store.acquireLease('a2', 'mona', 0, 10);
      assertEqual(await store.update('a2', rename, lease), undefined, 'a write to a2 under the lease of a1');
    },
  },
];
