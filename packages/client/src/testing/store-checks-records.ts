import type { TaskRecord } from '../task/record.ts';
import { assert, assertAmbiguousId, assertEqual, assertRejects } from './assert.ts';
import { sampleRecord } from './sample-record.ts';
import type { StoreRule } from './store-rule.ts';

const ids = (records: readonly TaskRecord[]): readonly string[] => records.map((record) => record.id);
const other = { fingerprint: 'server-b', label: 'b', target: { kind: 'host', name: 'b' } } as const;

export const recordChecks: readonly StoreRule[] = [
  {
    title: 'a record is read as it was written',
    async check(store) {
      const record = sampleRecord({
        id: 'a1',
        taskId: 'remote-1',
        arguments: { text: 'ü \u0000 \u{1F600} "quoted"', nested: [1, null, { deep: true }] },
        ledger: { key: { state: 'answering', digest: 'd', response: { action: 'accept' }, since: 5 } },
        outcome: { status: 'completed', result: { content: [] } },
      });
      await store.create(record);
      assertEqual(await store.read('a1'), record, 'the record read');
      assertEqual(await store.read('missing'), undefined, 'a missing record');
    },
  },
  {
    title: 'a local id is unique',
    async check(store) {
      await store.create(sampleRecord({ id: 'a1', tool: 'first' }));
      await assertAmbiguousId(() => store.create(sampleRecord({ id: 'a1', tool: 'second' })), 'a second record a1');
      assertEqual((await store.read('a1'))?.tool, 'first', 'the record kept');
    },
  },
  {
    title: 'a task of one server, revision and account has one record',
    async check(store) {
      const first = sampleRecord({ id: 'a1', taskId: 'same' });
      await store.create(first);
      await assertAmbiguousId(() => store.create({ ...first, id: 'a2' }), 'a second record of the task');
      await store.create({ ...first, id: 'a3', server: other });
      await store.create({ ...first, id: 'a4', revision: '2025-11-25' });
      await store.create({ ...first, id: 'a5', server: { ...first.server, account: 'mona' } });
      await store.create({ ...first, id: 'a6', taskId: null });
      await store.create({ ...first, id: 'a7', taskId: null });
      assertEqual(ids((await store.find('same')).records), ['a1', 'a3', 'a4', 'a5'], 'the records of that task id');
    },
  },
  {
    title: 'a task id that a server reuses after its task ended belongs to a new record beside the old one',
    async check(store) {
      const first = sampleRecord({ id: 'a1', taskId: 'same', createdAt: 1 });
      const end = (record: TaskRecord): TaskRecord => ({ ...record, phase: 'settled', status: 'completed' });
      await store.create(first);
      await store.update('a1', end);
      await store.create(sampleRecord({ id: 'a2', createdAt: 2 }));
      await store.update('a2', (record) => ({ ...record, taskId: 'same' }));
      await assertAmbiguousId(() => store.create({ ...first, id: 'a3' }), 'a third record, while the second is open');
      await store.update('a2', end);
      await store.create({ ...first, id: 'a3' });
      await store.remove('a1');
      await assertAmbiguousId(
        () => store.create({ ...first, id: 'a4' }),
        'a fourth record, when the first was removed',
      );
      assertEqual(ids((await store.find('same')).records), ['a3', 'a2'], 'the records of that task id');
    },
  },
  {
    title: 'a task id that a server reuses for a later call settles the earlier open record, with a reason',
    async check(store) {
      const response = { action: 'accept' };
      const ledger = { key: { state: 'answering', digest: 'd', response, since: 5 } } as const;
      await store.create(sampleRecord({ id: 'a1', taskId: 'same', ledger }));
      await store.create(sampleRecord({ id: 'a2', updatedAt: 2_000 }));
      const named = (record: TaskRecord): TaskRecord => ({ ...record, taskId: 'same' });
      assertEqual((await store.update('a2', named))?.taskId, 'same', 'the id of the later call');
      const older = await store.read('a1');
      assertEqual([older?.phase, older?.outcome?.status, older?.updatedAt], ['settled', 'unknown', 2_000], 'the older');
      assertEqual(older?.outcome?.error?.message.includes('a2'), true, 'the message names the later call');
      assertEqual(JSON.stringify(older).includes('accept'), false, 'an answer that outlives its use');
      await store.create(sampleRecord({ id: 'a3' }));
      const [claim] = await store.claim({ owner: 'one', limit: 1, ids: ['a3'] });
      if (claim !== undefined) await store.updateMany([{ id: 'a3', change: named, lease: claim.lease }]);
      assertEqual(ids((await store.list({ open: true })).records), ['a3'], 'the open ones');
    },
  },
  {
    title:
      'each process of a command has its own task ids: a task leased by another owner stays open beside the new one',
    async check(store) {
      const server = {
        fingerprint: 'command',
        label: 'c',
        target: { kind: 'command', command: 'serve', args: [] },
      } as const;
      const named = (record: TaskRecord): TaskRecord => ({ ...record, taskId: 'same' });
      await store.create(sampleRecord({ id: 'a1', server, createdAt: 1 }));
      const claim = async (owner: string, id: string) => (await store.claim({ owner, limit: 1, ids: [id] }))[0]?.lease;
      const first = await claim('one', 'a1');
      await store.update('a1', named, first);
      await store.create(sampleRecord({ id: 'a2', server, createdAt: 2 }));
      await store.update('a2', named, await claim('two', 'a2'));
      assertEqual(ids((await store.list({ open: true })).records), ['a2', 'a1'], 'the open ones, both leased');
      await store.leave('one');
      await store.create(sampleRecord({ id: 'a3', server, createdAt: 3 }));
      await store.update('a3', named, await claim('three', 'a3'));
      assertEqual(ids((await store.list({ open: true })).records), ['a3', 'a2'], 'the open ones that are leased');
    },
  },
  {
    title: 'a prefix finds records by local id and by task id; an exact match excludes the others',
    async check(store) {
      await store.create(sampleRecord({ id: 'ab', taskId: 'x%1', createdAt: 3 }));
      await store.create(sampleRecord({ id: 'abc', taskId: 'x_1', createdAt: 2 }));
      await store.create(sampleRecord({ id: 'zz', taskId: 'abd', createdAt: 1 }));
      assertEqual(ids((await store.find('a')).records), ['ab', 'abc', 'zz'], 'find a');
      assertEqual(ids((await store.find('ab')).records), ['ab'], 'find ab, which is one exactly');
      assertEqual(ids((await store.find('abd')).records), ['zz'], 'find a whole task id');
      assertEqual(ids((await store.find('x%')).records), ['ab'], 'find x%, no wildcard');
      assertEqual(ids((await store.find('x_')).records), ['abc'], 'find x_, no wildcard');
      assertEqual(ids((await store.find('AB')).records), [], 'find in other letters');
    },
  },
  {
    title: 'a list has open records first, then newest first',
    async check(store) {
      await store.create(sampleRecord({ id: 'done', phase: 'settled', createdAt: 9 }));
      await store.create(sampleRecord({ id: 'old', createdAt: 1 }));
      await store.create(sampleRecord({ id: 'new', createdAt: 2, phase: 'intent' }));
      await store.create(sampleRecord({ id: 'else', createdAt: 0, server: other }));
      assertEqual(ids((await store.list()).records), ['new', 'old', 'else', 'done'], 'the list');
      assertEqual(ids((await store.list({ open: true })).records), ['new', 'old', 'else'], 'the open ones');
      assertEqual(ids((await store.list({ fingerprint: 'server-b' })).records), ['else'], 'those of one server');
      assertEqual(
        ids((await store.list({ open: false })).records),
        ['new', 'old', 'else', 'done'],
        'not only the open ones',
      );
    },
  },
  {
    title: 'a change gets the newest record, and its result is returned',
    async check(store) {
      await store.create(sampleRecord({ id: 'a1', updatedAt: 0 }));
      const increment = (record: TaskRecord): TaskRecord => ({ ...record, updatedAt: record.updatedAt + 1 });
      const changed = await Promise.all(Array.from({ length: 20 }, () => store.update('a1', increment)));
      assertEqual(Math.max(...changed.map((record) => record?.updatedAt ?? 0)), 20, 'the last change');
      assertEqual((await store.read('a1'))?.updatedAt, 20, 'the record after twenty changes');
      assertEqual(await store.update('missing', increment), undefined, 'a change of a missing record');
    },
  },
  {
    title: 'a change that throws leaves the record and the store unchanged',
    async check(store) {
      await store.create(sampleRecord({ id: 'a1' }));
      const refuse = (): TaskRecord => {
        throw new Error('no');
      };
      await assertRejects(() => store.update('a1', refuse), 'a change that throws');
      await assertRejects(() => store.update('a1', (record) => ({ ...record, id: 'a2' })), 'a change of the id');
      assertEqual(ids((await store.list()).records), ['a1'], 'the records');
      assert((await store.update('a1', (record) => ({ ...record, tool: 'x' }))) !== undefined, 'later changes work');
    },
  },
  {
    title: 'a removed record is gone, and can be created again',
    async check(store) {
      const record = sampleRecord({ id: 'a1', taskId: 'remote-1', key: 'deploy' });
      await store.create(record);
      assertEqual(await store.remove('a1'), true, 'removing it');
      assertEqual(await store.remove('a1'), false, 'removing it again');
      assertEqual(await store.read('a1'), undefined, 'reading it');
      await store.create(record);
      assertEqual(await store.read('a1'), record, 'made again');
    },
  },
  {
    title: 'prune deletes settled records last updated before an instant, and nothing else',
    async check(store) {
      const settled = (id: string, updatedAt: number): TaskRecord => sampleRecord({ id, updatedAt, phase: 'settled' });
      await store.create(settled('past', 9));
      await store.create(settled('now', 10));
      await store.create(sampleRecord({ id: 'open', updatedAt: 1 }));
      await store.create(sampleRecord({ id: 'intent', updatedAt: 1, phase: 'intent' }));
      assertEqual(await store.prune(10), 1, 'how many were pruned');
      assertEqual([...ids((await store.list()).records)].sort(), ['intent', 'now', 'open'], 'what is left');
      assertEqual(await store.prune(10), 0, 'pruning again');
    },
  },
];
