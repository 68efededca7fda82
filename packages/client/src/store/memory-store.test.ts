import { expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import { type StoreUnderTest, storeChecks } from '../testing/store-conformance.ts';
import { createMemoryStore } from './memory-store.ts';

function memoryUnderTest(): StoreUnderTest {
  let instant = 1_700_000_000_000;
  const store = createMemoryStore({ clock: { now: () => instant } });
  return {
    open: () => store,
    passTime(ms) {
      instant += ms;
    },
  };
}

for (const { title, run } of storeChecks) test(title, () => run(memoryUnderTest));

test('a task of a dead owner is claimed at once', async () => {
  let isDead = false;
  const store = createMemoryStore({ isOwnerDead: (owner) => owner === 'mona' && isDead });
  await store.create(sampleRecord({ id: 'a1' }));
  await store.claim({ owner: 'mona', limit: 1 });
  isDead = true;
  const [claim] = await store.claim({ owner: 'otto', limit: 1 });
  expect(claim?.lease).toEqual({ id: 'a1', owner: 'otto', fence: 2 });
});

test('a clock set back neither expires a living owner nor keeps a silent one alive', async () => {
  let instant = 3_600_000;
  const store = createMemoryStore({ clock: { now: () => instant } });
  await store.create(sampleRecord({ id: 'a1' }));
  await store.renew('mona');
  await store.claim({ owner: 'mona', limit: 1 });
  instant = 0;
  await store.renew('otto');
  expect(await store.claim({ owner: 'otto', limit: 1 })).toEqual([]);
  instant += 9_999;
  await store.renew('otto');
  expect(await store.claim({ owner: 'otto', limit: 1 })).toEqual([]);
  instant += 1;
  expect(await store.claim({ owner: 'otto', limit: 1 })).toMatchObject([{ lease: { owner: 'otto', fence: 2 } }]);
});
