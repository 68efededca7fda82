import { storeChecks } from '@mcp-tasks/client/testing';
import { describe, test } from 'vitest';
import { isPostgresHere, sharedPostgres } from '../support/postgres/shared-server.ts';
import { schemaUnderTest } from '../support/postgres/under-test.ts';

const onPostgres = test.skipIf(!isPostgresHere());

/** Behaves like pgbouncer: each transaction may use another connection, and LISTEN does not work. */
const pooled = { transactionPooling: true };
const codec = {
  encode: (text: string) => Buffer.from(text).toString('base64'),
  decode: (stored: string) => Buffer.from(stored, 'base64').toString(),
};

describe.each([
  ['nothing', {}],
  ['a pooler', pooled],
  ['a codec', { codec }],
])('a store opened with %s', (_, options) => {
  for (const { title, run } of storeChecks) {
    onPostgres(title, async () => {
      const setting = await schemaUnderTest(await sharedPostgres());
      await run(() => ({ open: () => setting.open(options), passTime: setting.passTime }));
      await setting.end();
    });
  }
});
