import { expect, test } from 'vitest';
import { run, start } from '../commands/support.ts';
import { verifies } from '../faults/scenarios.ts';
import { watch } from '../terminal/support/watch.ts';
import { createTaskManager } from './task-manager.ts';

test(
  verifies('J1', 'an item that another client has marked as done asks for approval in watch, and is approved once'),
  async () => {
    const { home, first, done, called } = await createTaskManager();
    const { stdout } = await run(['follow', 'board', 'item', first, '--detach'], { home });
    const id = stdout.trim();
    await using view = watch(home, ['--keep-open'], { columns: 100, rows: 30 });
    await view.waitFor('Write the notes');
    await done(first);
    await view.waitFor('1 needs input');
    view.write('a');
    await view.waitFor('[ Accept ]');
    view.press('right');
    view.press('enter');
    await view.waitFor('1 done');
    expect(called('approve_task_completion')).toBe(1);
    const result = await run(['result', id, '--json'], { home });
    expect(JSON.parse(result.stdout)).toMatchObject({
      task: { protocol: 'jobs', job: 'item', server: 'board' },
      outcome: { status: 'completed' },
    });
  },
);

test(
  verifies('J1', 'an item is followed, survives kill -9, and is listed, answered from elsewhere and waited for'),
  async () => {
    const { home, second, done, called } = await createTaskManager();
    const following = start(['follow', 'board', 'item', second, '--keep-waiting'], { home });
    await following.waitFor('Ship it');
    await done(second);
    await following.waitFor('mcp-tasks answer');
    following.process.kill('SIGKILL');
    await following.done;
    const list = JSON.parse((await run(['list', '--json'], { home })).stdout);
    expect(list.tasks).toMatchObject([
      { task: { tool: 'item', job: 'item', status: 'input_required' }, outcome: null },
    ]);
    const { id } = list.tasks[0].task;
    const declined = await run(['answer', id, '--decline', '--json'], { home });
    expect([declined.code, JSON.parse(declined.stderr)]).toMatchObject([2, { error: { code: 'unsupported' } }]);
    const cancelled = await run(['cancel', id, '--json'], { home });
    expect([cancelled.code, JSON.parse(cancelled.stderr)]).toMatchObject([2, { error: { code: 'unsupported' } }]);
    const waiting = start(['wait', id, '--keep-waiting'], { home });
    await waiting.waitFor('Ship it');
    expect(await run(['answer', id, '--accept'], { home })).toMatchObject({ code: 0 });
    expect(await waiting.done).toMatchObject({ code: 0, stdout: expect.stringContaining('"approved": true') });
    expect(called('approve_task_completion')).toBe(1);
  },
);

test('an item deleted elsewhere is expired', async () => {
  const { home, first, byOther } = await createTaskManager();
  const following = start(['follow', 'board', 'item', first, '--json'], { home });
  await following.waitFor('Write the notes');
  await byOther('delete_task', { requestId: 'req-1', taskId: first });
  const { code, stdout } = await following.done;
  expect([code, JSON.parse(stdout)]).toMatchObject([1, { outcome: { status: 'expired' } }]);
});

test('doctor checks each mapping against the tools of the server', async () => {
  const { home, map } = await createTaskManager();
  const good = await run(['doctor', 'board'], { home });
  expect(good.stdout).toMatch(/ok +job +item: followed by open_task_details/);
  const status = { tool: 'get_item', arguments: { id: '{id}' }, state: '/state', map: {} };
  map({ board: { item: { status } } });
  const bad = await run(['doctor', 'board'], { home });
  expect(bad.stdout).toMatch(/FAILED +job +item: status: the server has no tool get_item/);
});

test('follow refuses a job without a mapping, and --suggest searches the names of the tools for one', async () => {
  const { home, map } = await createTaskManager();
  map({});
  const none = await run(['follow', 'board', 'issue', '1', '--json'], { home });
  expect(JSON.parse(none.stderr)).toMatchObject({
    error: { code: 'not-found', message: 'No job "issue" of board is mapped', hint: 'Its jobs: item' },
  });
  const suggested = await run(['follow', 'board', '--suggest'], { home });
  expect(suggested.code).toBe(0);
  expect(suggested.stderr).toContain('No pair of tools is named like the start and the status of a job');
});
