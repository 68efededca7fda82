import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { freshDirectory } from './support.ts';

const libsql = createRequire(new URL('../../packages/client/package.json', import.meta.url)).resolve('libsql');

/** Opens and closes the file in another process, which deletes the log if SQLite takes it for the last one. */
function openAndClose(file: string): void {
  const program = `const db = new (require(process.argv[1]))(process.argv[2]);
    db.exec('SELECT count(*) FROM records'); db.close();`;
  execFileSync(process.execPath, ['-e', program, libsql, file]);
}

/** The ids that another process reads. */
function idsIn(file: string): readonly string[] {
  const program = `const db = new (require(process.argv[1]))(process.argv[2]);
    console.log(JSON.stringify(db.prepare('SELECT id FROM records ORDER BY id').all().map(({ id }) => id)));`;
  return JSON.parse(execFileSync(process.execPath, ['-e', program, libsql, file], { encoding: 'utf8' }));
}

test.each(['open', 'closed'] as const)(
  'a store opened twice in one process keeps its log when another process closes the file (first: %s)',
  async (state) => {
    const directory = freshDirectory();
    const file = join(directory, 'tasks.db');
    const first = await openSqliteStore({ directory });
    await first.create(sampleRecord({ id: 'a1' }));
    if (state === 'closed') await first.close();
    const second = await openSqliteStore({ directory });
    await second.create(sampleRecord({ id: 'b1', taskId: 'b' }));
    openAndClose(file);
    expect(existsSync(`${file}-wal`)).toBe(true);
    await second.create(sampleRecord({ id: 'c1', taskId: 'c' }));
    expect(idsIn(file)).toEqual(['a1', 'b1', 'c1']);
    await first.close();
    await second.close();
  },
);
