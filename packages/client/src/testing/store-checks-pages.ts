import type { PageRequest, RecordFilter, TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { assert, assertEqual, assertRejectsWith } from './assert.ts';
import { sampleRecord } from './sample-record.ts';
import type { TimedRule } from './store-rule.ts';

const ids = (records: readonly TaskRecord[]): readonly string[] => records.map((record) => record.id);

async function allPages(store: TaskStore, filter: RecordFilter, limit: number): Promise<readonly string[]> {
  const seen: string[] = [];
  let page: PageRequest = { limit };
  for (let count = 0; count < 100; count += 1) {
    const { records, next } = await store.list(filter, page);
    assert(records.length <= limit, `no page is longer than ${limit}`);
    seen.push(...ids(records));
    if (next === undefined) return seen;
    page = { limit, after: next };
  }
  throw new Error('The pages do not end');
}

export const pageChecks: readonly TimedRule[] = [
  {
    title: 'pages skip and repeat no record, also while records are added',
    async check({ store }) {
      for (let count = 0; count < 7; count += 1) {
        const phase = count % 3 === 0 ? 'settled' : 'open';
        await store.create(sampleRecord({ id: `a${count}`, phase, createdAt: count < 4 ? 5 : count }));
      }
      const whole = ids((await store.list()).records);
      assertEqual(whole, ['a1', 'a2', 'a5', 'a4', 'a6', 'a0', 'a3'], 'the whole list');
      for (const limit of [1, 2, 3, 7, 8]) assertEqual(await allPages(store, {}, limit), whole, `pages of ${limit}`);
      assertEqual(await allPages(store, { open: true }, 3), ['a1', 'a2', 'a5', 'a4'], 'the open ones in pages');
      const { next } = await store.list({}, { limit: 2 });
      await store.create(sampleRecord({ id: 'new', createdAt: 99 }));
      const rest = await store.list({}, { limit: 9, after: next });
      assertEqual([ids(rest.records), rest.next ?? null], [whole.slice(2), null], 'the rest, after one was added');
    },
  },
  {
    title: 'a list is filtered by key, by labels, by open questions, and by time of change',
    async check({ store }) {
      const inputRequests = { approve: { method: 'elicitation/create', params: {} } };
      const ledger = { approve: { state: 'open', digest: 'd' } } as const;
      await store.create(sampleRecord({ id: 'asks', inputRequests, ledger, updatedAt: 5_000 }));
      await store.create(sampleRecord({ id: 'keyed', key: 'deploy', updatedAt: 9_000 }));
      await store.create(sampleRecord({ id: 'mine', labels: { user: 'mona', thread: '"1"' } }));
      await store.create(sampleRecord({ id: 'theirs', labels: { user: 'otto', thread: '"1"' } }));
      const narrowed = async (filter: RecordFilter) => [...ids((await store.list(filter)).records)].sort();
      assertEqual(await narrowed({ asking: true }), ['asks'], 'those that ask');
      assertEqual(await narrowed({ key: 'deploy' }), ['keyed'], 'by key');
      assertEqual(await narrowed({ labels: { thread: '"1"' } }), ['mine', 'theirs'], 'by one label');
      assertEqual(await narrowed({ labels: { thread: '"1"', user: 'mona' } }), ['mine'], 'by two labels');
      assertEqual(await narrowed({ labels: { constructor: 'x' } }), [], 'by a label that none has');
      assertEqual(await narrowed({ since: 5_000 }), ['asks', 'keyed'], 'by when it changed');
    },
  },
  {
    title: 'a key belongs to one open call of a server and account, and is free once that call has ended',
    async check({ store, other }) {
      assertEqual((await store.list({ key: 'deploy' })).records, [], 'the calls of a key at first');
      const first = sampleRecord({ id: 'a1', key: 'deploy' });
      const [won, lost] = await Promise.allSettled([store.create(first), other.create({ ...first, id: 'a2' })]);
      assertEqual([won.status, lost.status].sort(), ['fulfilled', 'rejected'], 'two calls at the same instant');
      await assertRejectsWith('key-conflict', () => other.create({ ...first, id: 'a3' }), 'a call while one is open');
      await store.create({ ...first, id: 'a4', server: { ...first.server, account: 'mona' } });
      const [open] = (await store.list({ key: 'deploy' })).records.filter(({ id }) => id !== 'a4');
      await store.update(open?.id ?? '', (record) => ({ ...record, phase: 'settled' }));
      await store.create({ ...first, id: 'a5' });
    },
  },
];
