import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { verifies } from '../faults/scenarios.ts';
import { freshHome, run } from './support.ts';

const client = createRequire(new URL('../../packages/client/package.json', import.meta.url));
const Database = client('libsql') as typeof import('../../packages/client/node_modules/libsql/types/index.js');

test(
  verifies('O5', 'list reports an unreadable record with the reason, also in JSON; get refuses it with the reason'),
  async () => {
    const home = freshHome();
    const directory = join(home, 'state');
    const store = await openSqliteStore({ directory });
    for (const id of ['aaaaaa', 'bbbbbb']) await store.create(sampleRecord({ id }));
    await store.close();
    const db = new Database(join(directory, 'tasks.db'));
    db.exec(`UPDATE records SET body = json_set(body, '$.server.target.kind', 'mesh') WHERE id = 'bbbbbb'`);
    db.close();
    const reason = 'its server has the unknown kind "mesh"';

    const listed = await run(['list'], { home });
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining('aaaaaa') });
    expect(listed.stderr).toContain(`bbbbbb cannot be shown: ${reason}`);
    const json = await run(['list', '--json'], { home });
    expect(JSON.parse(json.stdout)).toMatchObject({
      tasks: [{ task: { id: 'aaaaaa' } }],
      skipped: [{ id: 'bbbbbb', reason }],
    });
    const got = await run(['get', 'bbbbbb'], { home });
    expect(got).toMatchObject({ code: 1, stdout: '' });
    expect(got.stderr).toContain(`Record bbbbbb cannot be read here: ${reason}`);
    expect(got.stderr).toContain('update this one');
  },
);
