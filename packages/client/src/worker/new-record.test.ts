import { expect, test } from 'vitest';
import { TaskError } from '../errors.ts';
import { dialect } from '../protocol/mcp-2026-07-28/dialect.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { TaskStore } from '../store/task-store.ts';
import { createFakeClock } from '../testing/index.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { createScriptedConnection } from '../testing/scripted-connection.ts';
import { createRecord, draftRecord } from './new-record.ts';

function refusing(code: 'ambiguous-id' | 'store-unwritable') {
  const ids: string[] = [];
  const create: TaskStore['create'] = async ({ id }) => {
    ids.push(id);
    throw new TaskError(code, 'no');
  };
  return { ids, store: { ...createMemoryStore(), create } };
}

const draft = sampleRecord({ id: 'abcdef' });

test('an id already in use is replaced by a slightly longer one', async () => {
  const store = createMemoryStore();
  await store.create(draft);
  const { id } = await createRecord({ store, clock: createFakeClock() }, draft);
  expect(id).toMatch(/^[2-9a-z]{7}$/);
  expect((await store.list()).records.map((each) => each.id)).toEqual([id, 'abcdef']);
});

test('createRecord() stops after a limited number of refused ids', async () => {
  const { ids, store } = refusing('ambiguous-id');
  await expect(createRecord({ store, clock: createFakeClock() }, draft)).rejects.toMatchObject({
    code: 'ambiguous-id',
  });
  expect(ids.map(({ length }) => length)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
});

test('createRecord() fails at once if the store cannot write', async () => {
  const { ids, store } = refusing('store-unwritable');
  await expect(createRecord({ store, clock: createFakeClock() }, draft)).rejects.toMatchObject({
    code: 'store-unwritable',
  });
  expect(ids).toEqual(['abcdef']);
});

test.each([
  [{ name: 'deploy', arguments: { size: 10n } }, /cannot be written as JSON: .*BigInt/],
  [{}, /needs the name of a tool/],
  [{ name: '' }, /needs the name of a tool/],
])('an invalid call is refused with a reason before anything is written: %#', (request, words) => {
  const connection = createScriptedConnection({ revision: '2026-07-28' }, () => ({}));
  const draftIt = () => draftRecord(createFakeClock(), connection, dialect, request as { name: string });
  expect(draftIt).toThrow(expect.objectContaining({ code: 'call-invalid', message: expect.stringMatching(words) }));
});
