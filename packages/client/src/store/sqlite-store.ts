export { processOwner } from './process-owner.ts';
export type { RecordCodec } from './record-text.ts';
export { type OpenSqliteStoreOptions, openSqliteStore, type SqliteStore } from './sqlite/open-store.ts';
export { openSqliteStoreOrMemory } from './sqlite/open-store-or-memory.ts';
export { assertPrivateDirectory } from './sqlite/private-directory.ts';
