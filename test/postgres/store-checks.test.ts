import { storeChecks } from '@mcp-tasks/client/testing';
import { describe, test } from 'vitest';
import { isPostgresHere, sharedPostgres } from '../support/postgres/shared-server.ts';
import { schemaUnderTest } from '../support/postgres/under-test.ts';

const onPostgres = test.skipIf(!isPostgresHere());

/** A pooler as pgbouncer hands each transaction to any connection, and none of them may listen. */
describe.each([{}, { transactionPooling: true }])('a store opened with %o', (options) => {
  for (const { title, run } of storeChecks) {
    onPostgres(title, async () => {
      const setting = await schemaUnderTest(await sharedPostgres());
      await run(() => ({ open: () => setting.open(options), passTime: setting.passTime }));
      await setting.end();
    });
  }
});
