import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { createFakeClock } from '@mcp-tasks/client/testing';
import { expect, test } from 'vitest';
import { task } from '../live/state/play.ts';
import { createIdle, type IdleOptions } from './idle.ts';

/** A keeper with one open task of its server. */
async function fixture({ needs = true }: { readonly needs?: boolean } = {}) {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const record = task('a1');
  await store.create(record);
  const state = { ended: 0, isFolderGone: false, fails: false };
  const list: IdleOptions['store']['list'] = async (...args) => {
    if (state.fails) throw new Error('disk I/O error');
    return store.list(...args);
  };
  const idle = createIdle({
    store: { ...store, list },
    owner: 'host:1:x',
    fingerprint: record.server.fingerprint,
    needsKeeper: () => needs,
    isFolderGone: async () => state.isFolderGone,
    clock,
    onIdle: () => {
      state.ended += 1;
      idle.end();
    },
  });
  return { idle, state, pass: (ms: number) => clock.advance(ms) };
}

test('a keeper with an open task keeps running without a front', async () => {
  const { idle, state, pass } = await fixture();
  idle.fronts(0);
  await pass(3_600_000);
  expect(state.ended).toBe(0);
});

test('a keeper without tasks ends after the linger time that a front requested', async () => {
  const { idle, state, pass } = await fixture({ needs: false });
  idle.linger(10_000);
  idle.fronts(1);
  await pass(60_000);
  idle.fronts(0);
  await pass(9_000);
  expect(state.ended).toBe(0);
  await pass(2_000);
  expect(state.ended).toBe(1);
});

test('a keeper that no front has reached ends after 10 s', async () => {
  const { state, pass } = await fixture({ needs: false });
  await pass(9_000);
  expect(state.ended).toBe(0);
  await pass(2_000);
  expect(state.ended).toBe(1);
});

test('a keeper whose folder was deleted ends once it has no front, even with an open task', async () => {
  const { idle, state, pass } = await fixture();
  idle.fronts(1);
  state.isFolderGone = true;
  await pass(60_000);
  expect(state.ended).toBe(0);
  idle.fronts(0);
  await pass(1_000);
  expect(state.ended).toBe(1);
});

test('a keeper without fronts ends after a minute of unreadable records', async () => {
  const { idle, state, pass } = await fixture();
  idle.fronts(0);
  await pass(1_000);
  state.fails = true;
  await pass(59_000);
  expect(state.ended).toBe(0);
  await pass(3_000);
  expect(state.ended).toBe(1);
});
