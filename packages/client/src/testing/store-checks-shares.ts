import { assertEqual } from './assert.ts';
import { sampleRecord } from './sample-record.ts';
import { ids, join } from './store-checks-owners.ts';
import type { TimedRule } from './store-rule.ts';

export const shareChecks: readonly TimedRule[] = [
  {
    title: 'the living owners are listed, with their leases and their share',
    async check({ store, other, passTime }) {
      for (let count = 0; count < 5; count += 1) await store.create(sampleRecord({ id: `a${count}` }));
      await store.create(sampleRecord({ id: 'done', phase: 'settled' }));
      const { lifetimeMs } = await join(store, 'mona');
      await store.claim({ owner: 'mona', limit: 4 });
      assertEqual((await store.renew('mona'))?.share, 5, 'the share of the only one');
      await join(other, 'otto');
      await other.claim({ owner: 'otto', limit: 4 });
      assertEqual((await store.renew('mona'))?.share, 3, 'the share of one of two');
      const who = [...(await store.owners())].map(({ owner, tasks }) => [owner, tasks]).sort();
      assertEqual(
        who,
        [
          ['mona', 4],
          ['otto', 1],
        ],
        'the living owners',
      );
      await passTime(lifetimeMs / 2);
      await store.renew('mona');
      await passTime(lifetimeMs / 2);
      assertEqual(
        (await store.owners()).map(({ owner }) => owner),
        ['mona'],
        'the living owners after one expired',
      );
      assertEqual((await store.renew('mona'))?.share, 5, 'its share then');
    },
  },
  {
    title: 'tasks of excepted servers go to the other owners, which share that part until the owner excepts none',
    async check({ store, other }) {
      const far = { ...sampleRecord({ id: 'any' }).server, fingerprint: 'far' };
      for (const id of ['a1', 'a2']) await store.create(sampleRecord({ id }));
      for (const id of ['b1', 'b2', 'b3', 'b4']) await store.create(sampleRecord({ id, server: far }));
      await join(store, 'mona');
      await join(other, 'otto');
      const near = await store.claim({ owner: 'mona', limit: 9, except: ['far'] });
      assertEqual([...ids(near)].sort(), ['a1', 'a2'], 'what an owner gets that excepts a server');
      assertEqual((await other.claim({ owner: 'otto', limit: 3 })).length, 3, 'how many another one gets');
      assertEqual((await other.renew('otto'))?.share, 6, 'the share of the other one');
      await store.claim({ owner: 'mona', limit: 1 });
      assertEqual((await other.renew('otto'))?.share, 3, 'its share when both claim from all servers');
    },
  },
  {
    title: 'an owner limited to some servers has a share of these only; other owners share the rest',
    async check({ store, other }) {
      const far = { ...sampleRecord({ id: 'any' }).server, fingerprint: 'far' };
      for (const id of ['a1', 'a2']) await store.create(sampleRecord({ id }));
      for (const id of ['b1', 'b2', 'b3', 'b4']) await store.create(sampleRecord({ id, server: far }));
      const near = [sampleRecord({ id: 'any' }).server.fingerprint];
      await join(store, 'mona');
      await join(other, 'otto');
      await store.claim({ owner: 'mona', limit: 1, fingerprints: near });
      assertEqual((await store.renew('mona'))?.share, 2, 'the share of a limited owner alone');
      await other.claim({ owner: 'otto', limit: 1 });
      assertEqual((await store.renew('mona'))?.share, 1, 'its share beside one that claims from all servers');
      assertEqual((await other.renew('otto'))?.share, 5, 'the share of the other one');
      await other.claim({ owner: 'otto', limit: 1, fingerprints: ['far'] });
      const [mona, otto] = [await store.renew('mona'), await other.renew('otto')];
      assertEqual([mona?.share, otto?.share], [2, 4], 'their shares when each has servers of its own');
      if (mona?.others !== undefined) assertEqual(mona.others, 0, 'how many may claim what a limited owner claims');
      await other.claim({ owner: 'otto', limit: 1 });
      await store.claim({ owner: 'mona', limit: 1 });
      assertEqual((await store.renew('mona'))?.share, 3, 'its share when both claim from all servers');
    },
  },
];
