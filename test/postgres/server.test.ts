import { Client } from 'pg';
import { expect, test } from 'vitest';
import { isPostgresHere, sharedPostgres } from '../support/postgres/shared-server.ts';

test.skipIf(!isPostgresHere())('a real PostgreSQL answers in tests', async () => {
  const client = new Client({ connectionString: await sharedPostgres() });
  await client.connect();
  const { rows } = await client.query<{ version: string }>('SELECT version()');
  await client.end();
  expect(rows[0]?.version).toMatch(/^PostgreSQL \d+/);
});
