import type { Changes } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { assert, assertEqual } from './assert.ts';
import { sampleRecord } from './sample-record.ts';
import type { StoreRule } from './store-conformance.ts';

const told = (changes: Changes): unknown => ({
  changed: changes.changed.map((record) => record.id).sort(),
  removed: [...changes.removed].sort(),
});

export const changeChecks: readonly StoreRule[] = [
  {
    title: 'what changed since a sequence is told once, each record in its newest state',
    async check(store) {
      const empty = await store.changesSince(0);
      assertEqual(told(empty), { changed: [], removed: [] }, 'an empty store');
      await store.create(sampleRecord({ id: 'a1' }));
      await store.create(sampleRecord({ id: 'a2' }));
      await store.update('a1', (record) => ({ ...record, tool: 'newest' }));
      const first = await store.changesSince(empty.sequence);
      assertEqual(told(first), { changed: ['a1', 'a2'], removed: [] }, 'after two creations and a change');
      assertEqual(first.changed.find((record) => record.id === 'a1')?.tool, 'newest', 'the state told');
      assertEqual(told(await store.changesSince(first.sequence)), { changed: [], removed: [] }, 'nothing after that');
    },
  },
  {
    title: 'a change that changes nothing, and a lease, are no change',
    async check(store) {
      await store.create(sampleRecord({ id: 'a1' }));
      const { sequence } = await store.changesSince(0);
      const same = await store.update('a1', (record) => record);
      assertEqual(same?.id, 'a1', 'the record returned');
      await store.acquireLease('a1', 'mona', 0, 10);
      assertEqual((await store.changesSince(sequence)).sequence, sequence, 'the sequence');
    },
  },
  {
    title: 'a removed record is gone, told, and can be made again',
    async check(store) {
      const record = sampleRecord({ id: 'a1', taskId: 'remote-1' });
      await store.create(record);
      const { sequence } = await store.changesSince(0);
      assertEqual(await store.remove('a1'), true, 'removing it');
      assertEqual(await store.remove('a1'), false, 'removing it again');
      assertEqual(await store.read('a1'), undefined, 'reading it');
      const after = await store.changesSince(sequence);
      assertEqual(told(after), { changed: [], removed: ['a1'] }, 'the changes');
      await store.create(record);
      assertEqual(told(await store.changesSince(sequence)), { changed: ['a1'], removed: [] }, 'made again');
    },
  },
  {
    title: 'of several who look, each at a pace of its own, every one is told of what was removed',
    async check(store) {
      await store.create(sampleRecord({ id: 'a1' }));
      await store.create(sampleRecord({ id: 'a2' }));
      const slow = await store.changesSince(0);
      const quick = await store.changesSince(0);
      await store.update('a2', (record) => ({ ...record, tool: 'newest' }));
      const later = await store.changesSince(quick.sequence);
      await store.remove('a1');
      assertEqual(told(await store.changesSince(later.sequence)), { changed: [], removed: ['a1'] }, 'the quick one');
      assertEqual(told(await store.changesSince(slow.sequence)), { changed: ['a2'], removed: ['a1'] }, 'the slow one');
    },
  },
  {
    title: 'prune deletes settled records of before an instant and nothing else',
    async check(store) {
      const settled = (id: string, updatedAt: number): TaskRecord => sampleRecord({ id, updatedAt, phase: 'settled' });
      await store.create(settled('past', 9));
      await store.create(settled('now', 10));
      await store.create(sampleRecord({ id: 'open', updatedAt: 1 }));
      await store.create(sampleRecord({ id: 'intent', updatedAt: 1, phase: 'intent' }));
      const { sequence } = await store.changesSince(0);
      assertEqual(await store.prune(10), 1, 'how many were pruned');
      assertEqual(
        (await store.list()).records.map((record) => record.id).sort(),
        ['intent', 'now', 'open'],
        'what is left',
      );
      const after = await store.changesSince(sequence);
      assertEqual(told(after), { changed: [], removed: ['past'] }, 'the changes');
      assert(after.sequence !== sequence, 'the sequence moves on');
      assertEqual(await store.prune(10), 0, 'pruning again');
    },
  },
];
