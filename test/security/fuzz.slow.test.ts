import { expect, onTestFinished, test } from 'vitest';
import { reportsCompleted, runCall } from './fuzz-call.ts';

const { FUZZ_SEED = '1', FUZZ_ANSWERS = '200000' } = process.env;
const SLOWEST_MS = 2_000;

test(`${FUZZ_ANSWERS} mutated replies crash nothing, lose no task, and complete nothing that the server did not`, {
  timeout: 1_200_000,
}, async () => {
  const unhandled: unknown[] = [];
  const keep = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', keep);
  onTestFinished(() => void process.off('unhandledRejection', keep));
  let answers = 0;
  for (let seed = Number(FUZZ_SEED) * 1_000_000; answers < Number(FUZZ_ANSWERS); seed += 1) {
    const began = performance.now();
    const callRun = await runCall(seed);
    answers += callRun.answers.length;
    const { record } = callRun;
    const about = `seed ${seed}: ${JSON.stringify(callRun).slice(0, 2_000)}`;
    expect(record, about).toBeDefined();
    expect(() => JSON.parse(JSON.stringify(record)), about).not.toThrow();
    if (record?.outcome?.status === 'completed') expect(reportsCompleted(callRun), about).toBe(true);
    expect(performance.now() - began, about).toBeLessThan(SLOWEST_MS);
    expect(unhandled, about).toEqual([]);
  }
});
