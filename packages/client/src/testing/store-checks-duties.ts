import { assert, assertDefined, assertEqual } from './assert.ts';
import { sampleRecord } from './sample-record.ts';
import { claimOne, ids, join, rename } from './store-checks-owners.ts';
import type { TimedRule } from './store-rule.ts';

export const dutyChecks: readonly TimedRule[] = [
  {
    title: 'an undelivered end is claimed only on request, until it is delivered',
    async check({ store, other }) {
      await store.create(sampleRecord({ id: 'a1' }));
      await store.create(sampleRecord({ id: 'delivered', phase: 'settled', deliveredAt: 5 }));
      await store.create(sampleRecord({ id: 'not-due', phase: 'settled' }));
      await join(store, 'mona');
      await join(other, 'otto');
      const { lease } = await claimOne(store, 'mona', 'a1');
      await store.update('a1', (record) => ({ ...record, phase: 'settled', deliveredAt: null }), lease);
      assertEqual(ids(await other.claim({ owner: 'otto', limit: 9, undelivered: true })), [], 'while it is held');
      await store.release([lease]);
      assertEqual(
        (await store.list({ undelivered: true })).records.map(({ id }) => id),
        ['a1'],
        'what is listed',
      );
      assertEqual(ids(await other.claim({ owner: 'otto', limit: 9 })), [], 'among open ones');
      const [claim] = await other.claim({ owner: 'otto', limit: 9, undelivered: true });
      const claimed = assertDefined(claim, 'the claim').lease;
      assert(claimed.fence > lease.fence, 'the fence grows');
      assertEqual(await store.update('a1', rename, lease), undefined, 'a write under the former lease');
      await other.update('a1', (record) => ({ ...record, deliveredAt: 7 }), claimed);
      await other.release([claimed]);
      assertEqual(ids(await store.claim({ owner: 'mona', limit: 9, undelivered: true })), [], 'after it');
      assertEqual((await store.list({ undelivered: true })).records, [], 'what is listed after it');
    },
  },
  {
    title: 'a call whose response was lost is claimed only by its id',
    async check({ store }) {
      await store.create(sampleRecord({ id: 'lost', phase: 'intent', contact: { kind: 'lost', since: 1 } }));
      await join(store, 'mona');
      assertEqual(ids(await store.claim({ owner: 'mona', limit: 9 })), [], 'among others');
      assertEqual(ids(await store.claim({ owner: 'mona', limit: 9, ids: ['lost'] })), ['lost'], 'by its name');
    },
  },
];
