import { expect, test } from 'vitest';
import { verifies } from '../faults/scenarios.ts';
import { caseOf, freshHome, run, terminal } from './support.ts';

const KEYS = ['constructor', '__proto__', 'toString'];

test(verifies('M2', 'a task id reused after a restart is a new task, and the older task ends as unknown'), async () => {
  const asking = caseOf('questions-with-odd-keys');
  const home = freshHome();
  const waiting = await run(['call', 'ask', '--json', ...asking], { home });
  expect(waiting.code).toBe(6);
  const { id } = JSON.parse(waiting.stdout).task;
  await using term = terminal(['call', 'ask', ...asking], { home });
  for (const at of KEYS.keys()) {
    await term.waitFor('❯ ok');
    term.write('y\r');
    await term.waitFor('[ Accept ]');
    term.press('enter');
    if (at < KEYS.length - 1) await term.waitUntilGone('[ Accept ]');
  }
  await term.waitForOutput('{"constructor":true,"__proto__":true,"toString":true}');
  expect(await term.exited).toMatchObject({ code: 0 });
  const older = await run(['get', id], { home });
  expect(older.stdout + older.stderr).toContain('reused the id of this task for a later call');
  const { tasks } = JSON.parse((await run(['list', '--all', '--json'], { home })).stdout);
  const ends = tasks.map(({ outcome }: { outcome: { status: string } | null }) => outcome?.status);
  expect(ends.sort()).toEqual(['completed', 'unknown']);
});
