import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVERYTHING_STDIO, type Served, serveEverything } from '../connect/support.ts';
import { verifies } from '../faults/scenarios.ts';
import { freshHome, run } from './support.ts';

let served: Served;
beforeAll(async () => {
  served = await serveEverything();
});
afterAll(() => served.stop());

const overStdio = EVERYTHING_STDIO.kind === 'command' ? ['--', EVERYTHING_STDIO.command, ...EVERYTHING_STDIO.args] : [];

test.each([
  ['stdio under a background process', () => [], () => overStdio],
  ['HTTP', () => [served.url], () => []],
] as const)(
  verifies('Q13', "a question on the reference server's stream is found and answered by `answer` alone, over %s"),
  async (_way, before, after) => {
    const home = freshHome();
    const args = ['--args', '{"topic":"space elevators","ambiguous":true}', '--detach'];
    const called = await run(['call', ...before(), 'simulate-research-query', ...args, ...after()], { home });
    const id = called.stdout.trim();
    expect(called).toMatchObject({ code: 0 });
    // The question opens after a second stage, and only `answer` polls before it.
    const answer = () => run(['answer', id, '--accept', 'interpretation=technical'], { home });
    await expect.poll(async () => (await answer()).code, { timeout: 30_000 }).toBe(0);
    const waited = await run(['wait', id], { home });
    expect(waited).toMatchObject({ code: 0 });
    expect(waited.stdout).toContain('technical');
  },
);
