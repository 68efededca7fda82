import { expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import { storeInMemory } from './store-in-memory.ts';

test('the default store keeps records, leases and mail', async () => {
  const store = storeInMemory();
  const mail: (readonly string[] | undefined)[] = [];
  const end = store.onMail({ owner: 'mona' }, (ids) => void mail.push(ids));
  await store.create(sampleRecord({ id: 'a1' }));
  await store.renew('mona');
  const [claim] = await store.claim({ owner: 'mona', limit: 1 });
  expect(claim?.lease).toMatchObject({ id: 'a1', owner: 'mona' });
  await store.update('a1', (record) => ({ ...record, tool: 'other' }));
  await expect.poll(() => mail).toEqual([['a1']]);
  end();
  expect((await store.list()).records.map(({ tool }) => tool)).toEqual(['other']);
  await store.close();
});
