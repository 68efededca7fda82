export { createFakeClock, type FakeClock, type FakeClockOptions } from './fake-clock.ts';
export { type CreateStore, type StoreCheck, storeChecks } from './store-conformance.ts';
