export { createFakeClock, type FakeClock, type FakeClockOptions } from './fake-clock.ts';
export {
  createScriptedConnection,
  fail,
  type Script,
  type ScriptedConnection,
  type ScriptedConnectionOptions,
  type SentRequest,
} from './scripted-connection.ts';
export { type CreateStore, type StoreCheck, storeChecks } from './store-conformance.ts';
