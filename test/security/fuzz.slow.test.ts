import { expect, onTestFinished, test } from 'vitest';
import { live, saysCompleted } from './fuzz-life.ts';

const { FUZZ_SEED = '1', FUZZ_ANSWERS = '200000' } = process.env;
const SLOWEST_MS = 2_000;

test(`${FUZZ_ANSWERS} mutated answers crash nothing, lose no task, and complete nothing that the server did not`, {
  timeout: 1_200_000,
}, async () => {
  const unhandled: unknown[] = [];
  const keep = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', keep);
  onTestFinished(() => void process.off('unhandledRejection', keep));
  let answers = 0;
  for (let seed = Number(FUZZ_SEED) * 1_000_000; answers < Number(FUZZ_ANSWERS); seed += 1) {
    const began = performance.now();
    const life = await live(seed);
    answers += life.answers.length;
    const { record } = life;
    const about = `seed ${seed}: ${JSON.stringify(life).slice(0, 2_000)}`;
    expect(record, about).toBeDefined();
    expect(() => JSON.parse(JSON.stringify(record)), about).not.toThrow();
    if (record?.outcome?.status === 'completed') expect(saysCompleted(life), about).toBe(true);
    expect(performance.now() - began, about).toBeLessThan(SLOWEST_MS);
    expect(unhandled, about).toEqual([]);
  }
});
