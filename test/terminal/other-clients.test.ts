import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BIN } from '../commands/support.ts';
import { freshHome, run, watch } from './support/watch.ts';

/** A 2025-11-25 stdio server: each client starts its own process, and all share the tasks. */
function shared() {
  const store = join(freshHome(), 'served');
  const flags = ['--stdio', '--revision', '2025-11-25', '--store', store, '--speed', '0.1'];
  return ['--', process.execPath, BIN, 'demo', ...flags];
}

const call = async (home: string, server: readonly string[], tool: string, ...flags: readonly string[]) => {
  // The keeper of an endless task would outlive the tests.
  onTestFinished(async () => void (await run(['keepers', '--stop'], { home })));
  const { stdout, stderr } = await run(['call', '--detach', '--json', tool, ...flags, ...server], { home });
  const task = JSON.parse(stdout || '{}').task as { id: string; taskId: string } | undefined;
  if (task === undefined) throw new Error(`No task: ${stdout}${stderr}`);
  return task;
};

test("another client's task is listed without a record, and is cancelled only after a confirmation", async () => {
  const server = shared();
  const there = freshHome();
  const here = freshHome();
  const { id, taskId } = await call(there, server, 'batch', '--arg', 'items=3600');
  await using term = watch(here, ['--keep-open', ...server], { rows: 40 });
  await term.waitFor(/◐ \w+ +\(unknown\) +.*not called here/);
  expect(term.screen()).toMatch(/t adopt/);
  expect(term.screen()).not.toMatch(/d detach|f forget/);
  term.press('enter');
  const detail = await term.waitFor('task id');
  expect(detail).toContain(taskId);
  expect(detail).toContain('another client called it, t adopts it');
  expect(JSON.parse((await run(['list', '--all', '--json'], { home: here })).stdout)).toEqual({
    tasks: [],
    skipped: [],
  });
  term.write('c');
  await term.waitFor('y/n');
  term.write('y');
  await term.waitFor(/status +cancelled/);
  const { stdout } = await run(['wait', id, '--json'], { home: there });
  expect(JSON.parse(stdout).outcome.status).toBe('cancelled');
});

test("adopting another client's task creates a record, and its question can be answered in the view", async () => {
  const server = shared();
  await call(freshHome(), server, 'release');
  const here = freshHome();
  await using term = watch(here, ['--keep-open', ...server], { rows: 40 });
  await term.waitFor(/\(unknown\) +.*not called here/);
  term.write('t');
  await term.waitFor('1 needs input');
  expect(term.screen()).not.toContain('not called here');
  term.write('a');
  await term.waitFor(/needs your answer/);
  term.press('escape');
  await term.waitFor('q leave');
  // The task ran before this view, and continues after it under a keeper.
  term.write('q');
  expect(await term.exited).toMatchObject({ code: 0 });
  const { stdout } = await run(['list', '--json'], { home: here });
  const task = { tool: '(unknown)', status: 'input_required', phase: 'open' };
  expect(JSON.parse(stdout).tasks).toMatchObject([{ task }]);
  await run(['keepers', '--stop'], { home: here });
});
