import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeChecks } from '@mcp-tasks/client/testing';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { debianPrograms } from '../support/postgres/find-programs.ts';
import { type PostgresServer, startPostgres } from '../support/postgres/start-server.ts';
import { schemaUnderTest } from '../support/postgres/under-test.ts';

const programs = debianPrograms();

describe.skipIf(programs === undefined)(`on ${programs?.name ?? 'PostgreSQL of Debian'}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-tasks-pg-'));
  chmodSync(folder, 0o711);
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    if (programs !== undefined) server = await startPostgres(programs, join(folder, 'cluster'));
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  for (const { title, run } of storeChecks) {
    test(title, async () => {
      const setting = await schemaUnderTest(server?.url ?? '');
      await run(() => setting);
      await setting.end();
    });
  }
});
