import { getEventListeners } from 'node:events';
import { types } from 'node:util';
import { queryObjects } from 'node:v8';
import { expect, test, vi } from 'vitest';
import { EitherSignal, eitherSignal } from './either-signal.ts';

test.each([
  ['the lasting signal', 0],
  ['the brief signal', 1],
])('when %s aborts, the combined signal aborts with its reason, even if the abort came first', (_which, at) => {
  const both = [new AbortController(), new AbortController()] as const;
  const join = () => eitherSignal(both[0].signal, both[1].signal);
  const before = join();
  expect(before.aborted).toBe(false);
  both[at]?.abort('enough');
  expect([before, join()].map(({ aborted, reason }) => [aborted, reason])).toEqual([
    [true, 'enough'],
    [true, 'enough'],
  ]);
});

test('a combined signal that is no longer used is released by the lasting signal and by Node', async () => {
  const lasting = new AbortController().signal;
  const refs = () => queryObjects(WeakRef, { format: 'count' });
  const before = refs();
  for (let poll = 0; poll < 1_000; poll += 1) eitherSignal(lasting, new AbortController().signal);
  const kept = Object.getOwnPropertySymbols(lasting).map((name): unknown => Reflect.get(lasting, name));
  expect(kept.filter((each) => types.isSet(each) && each.size > 0)).toEqual([]);
  expect(getEventListeners(lasting, 'abort')).toHaveLength(1);
  await vi.waitFor(() => expect(refs() - before).toBeLessThan(100), { timeout: 10_000, interval: 200 });
});

test.each([1, 2, 3])('a combination of %i signals aborts when the last of them aborts', (count) => {
  const controllers = Array.from({ length: count }, () => new AbortController());
  const signal = EitherSignal.any(controllers.map((each) => each.signal));
  controllers.at(-1)?.abort('enough');
  expect([signal.aborted, signal.reason]).toEqual([true, 'enough']);
});
