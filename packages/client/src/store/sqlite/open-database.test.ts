import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from './open-database.ts';

/** A store of several pages, closed. */
function closedStore(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'open-database-')), 'tasks.db');
  const db = openDatabase(file, () => undefined);
  db.exec('CREATE TABLE filler (text TEXT)');
  db.exec('INSERT INTO filler SELECT hex(zeroblob(500)) FROM (VALUES (1), (2), (3), (4), (5), (6), (7), (8))');
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  return file;
}

function overwrite(file: string, at: number, bytes: Buffer): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, bytes, 0, bytes.length, at);
  closeSync(descriptor);
}

const DAMAGES = { header: 0, schema: 100 } as const;

test.each(Object.entries(DAMAGES))(
  'a store whose %s is unreadable only at the first check is opened, not moved aside',
  (_, at) => {
    const file = closedStore();
    const whole = readFileSync(file);
    overwrite(file, at, Buffer.alloc(64, 0xff));
    const notices: string[] = [];
    const pauses: number[] = [];
    const db = openDatabase(file, notices.push.bind(notices), (ms) => {
      pauses.push(ms);
      writeFileSync(file, whole);
    });
    expect(db.prepare('SELECT count(*) AS n FROM filler').get()).toMatchObject({ n: 8 });
    db.close();
    expect({ notices, pauses }).toEqual({ notices: [], pauses: [300] });
    expect(readdirSync(dirname(file)).filter((name) => name.includes('corrupt'))).toEqual([]);
  },
);

test('a store that is damaged at both checks is moved aside', () => {
  const file = closedStore();
  overwrite(file, 0, Buffer.alloc(64, 0xff));
  const notices: string[] = [];
  openDatabase(file, notices.push.bind(notices), () => undefined).close();
  expect(notices).toEqual([expect.stringContaining('was damaged')]);
  expect(existsSync(file)).toBe(true);
});

test('a store that passes the first check is opened without a pause', () => {
  const file = closedStore();
  openDatabase(
    file,
    () => undefined,
    () => expect.unreachable(),
  ).close();
});
