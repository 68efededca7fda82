import { chmodSync, chownSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteStore, openSqliteStoreOrMemory } from '../../packages/client/src/store/sqlite-store.ts';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { verifies } from '../faults/scenarios.ts';
import { freshDirectory } from './support.ts';

const rename = (record: ReturnType<typeof sampleRecord>) => ({ ...record, tool: 'renamed' });

test(verifies('O4', 'a store whose directory was deleted refuses writes and heartbeats at once'), async () => {
  const directory = freshDirectory();
  const store = await openSqliteStore({ directory });
  await store.create(sampleRecord({ id: 'a1' }));
  const [claim] = await store.claim({ owner: 'mona', limit: 1 });
  const mail = new Promise((resolve) => store.onMail({ owner: 'mona' }, resolve));
  rmSync(directory, { recursive: true });
  const refusal = {
    code: 'store-unwritable',
    message: expect.stringMatching(/was deleted while it was in use$/),
    hint: expect.stringContaining('Restart this process'),
  };
  await expect(store.create(sampleRecord({ id: 'a2' }))).rejects.toMatchObject(refusal);
  await expect(store.update('a1', rename, claim?.lease)).rejects.toMatchObject(refusal);
  await expect(store.updateMany([{ id: 'a1', change: rename, lease: claim!.lease }])).rejects.toMatchObject(refusal);
  await expect(store.renew('mona')).rejects.toMatchObject(refusal);
  await expect(store.list()).rejects.toMatchObject(refusal);
  expect(await mail).toBeUndefined();
  await store.close();
});

test(verifies('O4', 'a process whose store was replaced writes to neither store'), async () => {
  const directory = freshDirectory();
  const first = await openSqliteStore({ directory });
  await first.create(sampleRecord({ id: 'a1' }));
  renameSync(directory, `${directory}-aside`);
  const second = await openSqliteStore({ directory });
  const refusal = { code: 'store-unwritable', message: expect.stringContaining('was replaced') };
  await expect(first.create(sampleRecord({ id: 'a2' }))).rejects.toMatchObject(refusal);
  await expect(first.update('a1', rename)).rejects.toMatchObject(refusal);
  expect((await second.list()).records).toEqual([]);
  await first.close();
  await second.close();
  const aside = await openSqliteStore({ directory: `${directory}-aside` });
  expect(await aside.read('a1')).toMatchObject({ tool: 'deploy' });
  await aside.close();
});

test(
  verifies('S9', 'a state directory that every user can write to is refused, and the hint shows the chmod command'),
  async () => {
    const directory = join(freshDirectory(), "with 'quotes'");
    mkdirSync(directory, { recursive: true });
    chmodSync(directory, 0o777);
    const refusal = {
      code: 'store-unsafe',
      message: expect.stringContaining('can be written by every user'),
      hint: expect.stringContaining(`chmod go-w '${directory.replaceAll("'", "'\\''")}'`),
    };
    await expect(openSqliteStore({ directory })).rejects.toMatchObject(refusal);
    await expect(openSqliteStoreOrMemory({ directory })).rejects.toMatchObject(refusal);
    chmodSync(directory, 0o755);
    await (await openSqliteStore({ directory })).close();
  },
);

test.skipIf(process.getuid?.() !== 0)(
  verifies('S9', "another user's state directory is refused, and the hint shows the chown command"),
  async () => {
    const directory = freshDirectory();
    mkdirSync(directory, { recursive: true });
    chownSync(directory, 65_534, 65_534);
    await expect(openSqliteStore({ directory })).rejects.toMatchObject({
      code: 'store-unsafe',
      hint: expect.stringContaining(`sudo chown -R "$(id -un)" ${directory}`),
    });
  },
);
