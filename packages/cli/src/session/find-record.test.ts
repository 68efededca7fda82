import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, test } from 'vitest';
import { task } from '../live/state/play.ts';
import { findRecord } from './find-record.ts';

async function storeWith(...ids: readonly string[]) {
  const store = createMemoryStore();
  for (const id of ids) await store.create(task(id));
  return store;
}

test('a record is found by its id, its task id, or a prefix of either', async () => {
  const store = await storeWith('aaa2', 'bbb2');
  for (const reference of ['aaa2', 'aa', 'task-aaa2', 'task-a'])
    expect((await findRecord(store, reference)).id).toBe('aaa2');
});

test('an exact id wins over a longer id that begins with it', async () => {
  expect((await findRecord(await storeWith('aaa2', 'aaa22'), 'aaa2')).id).toBe('aaa2');
});

test('the error for an ambiguous prefix names at most five tasks', async () => {
  const store = await storeWith('aaa2', 'aab2', 'aac2', 'aad2', 'aae2');
  const hint = (more: string) =>
    expect.stringMatching(new RegExp(`^It could be (aa[a-f]2 \\(deploy\\)(, )?){5}${more}\\.$`));
  await expect(findRecord(store, 'aa')).rejects.toMatchObject({
    code: 'ambiguous-id',
    message: 'aa fits 5 tasks',
    hint: hint(''),
  });
  await store.create(task('aaf2'));
  await expect(findRecord(store, 'aa')).rejects.toMatchObject({
    message: 'aa fits 6 tasks',
    hint: hint(' and others'),
  });
});

test('an empty id is refused; the error for an unknown id names the most similar one', async () => {
  const store = await storeWith('k7f3q2');
  await expect(findRecord(store, '')).rejects.toMatchObject({ code: 'usage' });
  await expect(findRecord(store, 'k7f3q3')).rejects.toMatchObject({ code: 'not-found', hint: 'Did you mean k7f3q2?' });
  await expect(findRecord(store, 'zzzzzz')).rejects.toMatchObject({ hint: 'List what there is: mcp-tasks list --all' });
});
