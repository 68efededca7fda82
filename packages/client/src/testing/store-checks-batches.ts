import type { TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { assertDefined, assertEqual, assertRejects } from './assert.ts';
import { sampleRecord } from './sample-record.ts';
import type { TimedRule } from './store-rule.ts';

const rename = (record: TaskRecord): TaskRecord => ({ ...record, tool: 'renamed' });

async function leased(store: TaskStore, owner: string, count: number) {
  for (let index = 0; index < count; index += 1) await store.create(sampleRecord({ id: `a${index}` }));
  await store.renew(owner);
  const claims = await store.claim({ owner, limit: count });
  assertEqual(claims.length, count, 'how many were claimed');
  return claims.map(({ lease }) => lease);
}

export const batchChecks: readonly TimedRule[] = [
  {
    title: 'a batch with lost leases writes only the other records',
    async check({ store }) {
      const leases = await leased(store, 'mona', 4);
      const lost = assertDefined(leases[1], 'a lease');
      await store.release([lost]);
      await store.remove('a2');
      const saved = await store.updateMany(leases.map((lease) => ({ id: lease.id, change: rename, lease })));
      const tools = leases.map((lease, index) => [lease.id, saved[index]?.tool ?? null]);
      assertEqual(
        tools,
        [
          ['a0', 'renamed'],
          ['a1', null],
          ['a2', null],
          ['a3', 'renamed'],
        ],
        'what was written',
      );
      assertEqual((await store.read('a1'))?.tool, 'deploy', 'the record whose lease was lost');
    },
  },
  {
    title: 'a batch changes the newest records, also when one record occurs twice',
    async check({ store }) {
      const [lease] = await leased(store, 'mona', 1);
      const step = {
        id: 'a0',
        change: (record: TaskRecord): TaskRecord => ({ ...record, updatedAt: record.updatedAt + 1 }),
        lease: assertDefined(lease, 'the lease'),
      };
      await store.update('a0', (record) => ({ ...record, updatedAt: 10 }));
      const saved = await store.updateMany([step, step]);
      assertEqual(
        saved.map((record) => record?.updatedAt),
        [11, 12],
        'what was written',
      );
      assertEqual((await store.read('a0'))?.updatedAt, 12, 'the record');
      assertEqual(await store.updateMany([]), [], 'an empty batch');
    },
  },
  {
    title: 'a batch in which a change throws writes nothing',
    async check({ store }) {
      const leases = await leased(store, 'mona', 2);
      const refuse = (): TaskRecord => {
        throw new Error('no');
      };
      const steps = leases.map((lease, index) => ({ id: lease.id, change: index === 1 ? refuse : rename, lease }));
      await assertRejects(() => store.updateMany(steps), 'the batch');
      assertEqual((await store.read('a0'))?.tool, 'deploy', 'the first record');
    },
  },
];
