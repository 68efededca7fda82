import { expect, test } from 'vitest';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { countStatements, cpuUs } from '../bench/engine/meters.ts';
import { freshDirectory } from './support.ts';

/** Counts `all` as two statements, because the driver iterates for it. */
const statements = countStatements();
const TASKS = 2_000;

async function counted<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const before = statements();
  const result = await work();
  return [result, statements() - before];
}

test('leasing 2,000 tasks takes as many statements as leasing one', async () => {
  const store = await openSqliteStore({ directory: freshDirectory(), durable: false });
  for (let count = 0; count < TASKS; count += 1) await store.create(sampleRecord({ id: `a${count}` }));
  await store.renew('mona');
  const [claims, claiming] = await counted(() => store.claim({ owner: 'mona', limit: TASKS }));
  expect([claims.length, claiming <= 14]).toEqual([TASKS, true]);
  expect((await counted(() => store.renew('mona')))[1]).toBeLessThanOrEqual(4);
  expect((await counted(() => store.claim({ owner: 'mona', limit: TASKS })))[1]).toBeLessThanOrEqual(3);
  const steps = claims.map(({ lease }) => ({
    id: lease.id,
    change: (record: (typeof claims)[number]['record']) => ({ ...record, nextPollAt: 5, observedAt: 5 }),
    lease,
  }));
  const [saved, writing] = await counted(() => store.updateMany(steps));
  expect([saved.filter((record) => record?.nextPollAt === 5).length, writing <= 8]).toEqual([TASKS, true]);
  const releasing = await counted(() => store.release(claims.map(({ lease }) => lease)));
  expect(releasing[1]).toBeLessThanOrEqual(6);
  await store.close();
});

test('saving a call takes at most 2 ms of CPU time', async () => {
  const store = await openSqliteStore({ directory: freshDirectory() });
  const create = async (name: string): Promise<number> => {
    const before = cpuUs();
    await Promise.all(Array.from({ length: 100 }, (_, index) => store.create(sampleRecord({ id: `${name}${index}` }))));
    return (cpuUs() - before) / 100;
  };
  const best = Math.min(await create('a'), await create('b'), await create('c'));
  expect(best).toBeLessThan(2_000);
  await store.close();
});
