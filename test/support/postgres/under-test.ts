import { randomBytes } from 'node:crypto';
import { type OpenPostgresStoreOptions, openPostgresStore } from '@mcp-tasks/client/postgres-store';
import { Pool } from 'pg';
import type { StoreUnderTest } from '../../../packages/client/src/testing/store-conformance.ts';

/** A new schema with a clock that the test moves. */
export interface SchemaUnderTest extends StoreUnderTest {
  readonly pool: Pool;
  readonly schema: string;
  open(over?: Partial<OpenPostgresStoreOptions>): ReturnType<typeof openPostgresStore>;
  /** Deletes the schema. */
  end(): Promise<void>;
}

export async function schemaUnderTest(url: string): Promise<SchemaUnderTest> {
  const pool = new Pool({ connectionString: url, max: 5 });
  const schema = `test_${randomBytes(6).toString('hex')}`;
  const first = await openPostgresStore({ pool, schema, listen: false });
  await first.close();
  let instant = Date.now();

  /** Each read of the clock returns a slightly later time; no time passes otherwise. */
  async function setClock(): Promise<void> {
    await pool.query(`CREATE OR REPLACE FUNCTION ${schema}.now_ms() RETURNS double precision LANGUAGE sql VOLATILE
      AS $$ SELECT ${instant} + nextval('${schema}.ticks') * 0.0005 $$`);
  }

  await pool.query(`CREATE SEQUENCE ${schema}.ticks`);
  await setClock();
  return {
    pool,
    schema,
    open: (over = {}) => openPostgresStore({ pool, schema, ...over }),
    passTime(ms) {
      instant += ms;
      return setClock();
    },
    async end() {
      await pool.query(`DROP SCHEMA ${schema} CASCADE`);
      await pool.end();
    },
  };
}
