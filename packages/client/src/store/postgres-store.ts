export {
  type MigratePostgresStoreOptions,
  migratePostgresStore,
  type PostgresGrants,
} from './postgres/migrate.ts';
export { type OpenPostgresStoreOptions, openPostgresStore } from './postgres/open-store.ts';
export type { RecordCodec } from './record-text.ts';
