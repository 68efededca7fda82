import { expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import { storeChecks } from '../testing/store-conformance.ts';
import { createMemoryStore } from './memory-store.ts';

for (const { title, run } of storeChecks) test(title, () => run(async () => createMemoryStore()));

test('a lease whose owner is known dead is taken at once', async () => {
  const store = createMemoryStore({ isOwnerDead: (owner) => owner === 'mona' });
  await store.create(sampleRecord({ id: 'a1' }));
  await store.acquireLease('a1', 'mona', 0, 1_000);
  expect(await store.acquireLease('a1', 'otto', 1, 1_000)).toEqual({
    id: 'a1',
    owner: 'otto',
    fence: 2,
    expiresAt: 1_001,
  });
});
