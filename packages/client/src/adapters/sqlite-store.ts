export { type OpenSqliteStoreOptions, openSqliteStore, type SqliteStore } from './sqlite-store/open-store.ts';
export { openSqliteStoreOrMemory } from './sqlite-store/open-store-or-memory.ts';
export { processOwner } from './sqlite-store/process-owner.ts';
