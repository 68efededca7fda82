import { storeChecks } from '@mcp-tasks/client/testing';
import { expect, test } from 'vitest';
import { isPostgresHere, sharedPostgres } from '../support/postgres/shared-server.ts';
import { schemaUnderTest } from '../support/postgres/under-test.ts';

const onPostgres = test.skipIf(!isPostgresHere());

for (const { title, run } of storeChecks) {
  onPostgres(title, async () => {
    const setting = await schemaUnderTest(await sharedPostgres());
    await run(() => setting);
    await setting.end();
  });
}
