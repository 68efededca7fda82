export {
  type MigratePostgresStoreOptions,
  migratePostgresStore,
  type PostgresGrants,
} from './postgres/migrate.ts';
export { type OpenPostgresStoreOptions, openPostgresStore } from './postgres/open-store.ts';
