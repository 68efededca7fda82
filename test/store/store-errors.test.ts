import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { openSqliteStore, openSqliteStoreOrMemory } from '../../packages/client/src/store/sqlite-store.ts';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { verifies } from '../faults/scenarios.ts';
import { freshDirectory, spawnChild } from './support.ts';

const NOBODY = 65_534;

async function createFilledStore(count = 200): Promise<string> {
  const directory = freshDirectory();
  const store = await openSqliteStore({ directory });
  for (let index = 0; index < count; index += 1) {
    await store.create(sampleRecord({ id: `r${index}`, taskId: `t${index}`, arguments: { text: 'x'.repeat(500) } }));
  }
  await store.close();
  return directory;
}

const corruptFiles = (directory: string): string[] =>
  readdirSync(directory).filter((name) => name.includes('.corrupt-'));

test.each([
  ['in its header', 'PRAGMA wal_checkpoint(TRUNCATE)'],
  ['in its log', 'SELECT 1'],
])(
  `${verifies('M4', 'a store with a newer version')} %s is refused, and its file stays unchanged`,
  async (_, afterwards) => {
    const directory = await createFilledStore(1);
    const file = join(directory, 'tasks.db');
    const db = new Database(file);
    db.exec('PRAGMA user_version = 999');
    db.exec(afterwards);
    const before = readFileSync(file);
    const refusal = { code: 'store-too-new', hint: expect.stringContaining('update') };
    await expect(openSqliteStore({ directory })).rejects.toMatchObject(refusal);
    await expect(openSqliteStoreOrMemory({ directory })).rejects.toMatchObject(refusal);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(corruptFiles(directory)).toEqual([]);
    db.close();
  },
);

test.each([
  ['whose header is garbage', (file: string) => writeFileSync(file, 'this was never a database '.repeat(400))],
  ['that is a few bytes long', (file: string) => writeFileSync(file, 'oops')],
  ['that was cut in the middle', (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2))],
  [
    'with garbage in its pages',
    (file: string) => {
      const bytes = readFileSync(file);
      bytes.fill(0xa5, 4_096, bytes.length - 4_096);
      writeFileSync(file, bytes);
    },
  ],
])(`${verifies('M4', 'a store')} %s is moved aside whole, reported, and replaced`, async (_, damage) => {
  const directory = await createFilledStore();
  const file = join(directory, 'tasks.db');
  damage(file);
  const damaged = readFileSync(file);
  const notices: string[] = [];
  const store = await openSqliteStore({ directory, onNotice: (text) => notices.push(text) });
  const [aside = ''] = corruptFiles(directory).filter((name) => !/-(wal|shm)$/.test(name));
  expect(aside).toMatch(/^tasks\.db\.corrupt-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/);
  expect(notices).toEqual([expect.stringContaining(join(directory, aside))]);
  expect(readFileSync(join(directory, aside)).equals(damaged)).toBe(true);
  await store.create(sampleRecord({ id: 'new' }));
  expect((await store.list()).records.map((record) => record.id)).toEqual(['new']);
  await store.close();
});

test('when several processes find the store damaged, it is moved aside once and the new one is kept', async () => {
  const directory = await createFilledStore();
  writeFileSync(join(directory, 'tasks.db'), 'garbage '.repeat(1_000));
  const children = [1, 2, 3, 4].map(() => spawnChild({ kind: 'open', directory }));
  await Promise.all(children.map((child) => child.ended));
  const aside = corruptFiles(directory).filter((name) => !/-(wal|shm)$/.test(name));
  expect(aside).toHaveLength(1);
  const store = await openSqliteStore({ directory });
  expect((await store.list()).records).toHaveLength(4);
  await store.close();
});

test('the error of an unwritable home names MCP_TASKS_HOME', async () => {
  const directory = freshDirectory();
  mkdirSync(directory, { recursive: true, mode: 0o555 });
  const uid = process.getuid?.() === 0 ? NOBODY : undefined;
  const child = spawnChild({ kind: 'open', directory: join(directory, 'home') }, uid === undefined ? {} : { uid });
  const output = await child.next();
  expect(output).toMatchObject({ code: 'store-unwritable', hint: expect.stringContaining('MCP_TASKS_HOME') });
  await child.ended;
});

test('the error of a file in the place of the directory names MCP_TASKS_HOME', async () => {
  const directory = await createFilledStore(1);
  const place = join(directory, 'tasks.db', 'home');
  const refusal = { code: 'store-unwritable', hint: expect.stringContaining('MCP_TASKS_HOME') };
  await expect(openSqliteStore({ directory: place })).rejects.toMatchObject(refusal);
});

test('a directory in the place of the store file is an error, and is not moved', async () => {
  const directory = freshDirectory();
  mkdirSync(join(directory, 'tasks.db'), { recursive: true });
  const refusal = { code: 'store-unwritable', message: expect.stringMatching(/tasks\.db is not a file$/) };
  await expect(openSqliteStore({ directory })).rejects.toMatchObject(refusal);
  expect(readdirSync(directory)).toEqual(['tasks.db']);
});

test('a full disk is an error, and earlier writes stand', async () => {
  const directory = freshDirectory();
  const child = spawnChild({ kind: 'write-for-ever', directory, prefix: 'r' }, { maxFileBlocks: 5_000 });
  let written = -1;
  let output: unknown;
  while (typeof output !== 'object') {
    output = await child.next();
    if (typeof output === 'number') written = output;
  }
  expect(output).toMatchObject({ code: 'store-unwritable', hint: expect.stringContaining('MCP_TASKS_HOME') });
  await child.ended;
  const store = await openSqliteStore({ directory });
  expect(written).toBeGreaterThan(10);
  expect((await store.read(`r${written}`))?.taskId).toBe(`t-r${written}`);
  await store.close();
});

test('an answer removed from its record leaves no bytes in the file', async () => {
  const directory = freshDirectory();
  const store = await openSqliteStore({ directory });
  const answer = 'hunter2-in-plain-sight';
  const asked = { state: 'answering', digest: 'd', response: { action: 'accept', content: { answer } }, since: 1 };
  await store.create(sampleRecord({ id: 'a1', ledger: { key: asked as never } }));
  await store.update('a1', (record) => ({
    ...record,
    ledger: { key: { state: 'acknowledged', digest: 'd', at: 2 } },
  }));
  const holding = readdirSync(directory).filter((name) =>
    readFileSync(join(directory, name), 'latin1').includes(answer),
  );
  expect(holding).toEqual([]);
  await store.close();
});

test('a copy of the file is a backup that opens', async () => {
  const directory = await createFilledStore(3);
  const copy = freshDirectory();
  mkdirSync(copy, { recursive: true });
  copyFileSync(join(directory, 'tasks.db'), join(copy, 'tasks.db'));
  const store = await openSqliteStore({ directory: copy });
  expect((await store.list()).records).toHaveLength(3);
  await store.close();
});
