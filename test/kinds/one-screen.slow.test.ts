import { createTaskClient, type JobsOption, openMailbox, type Target } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { presets } from '@mcp-tasks/client/jobs';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../commands/support.ts';
import { row, watch } from '../terminal/support/watch.ts';
import { jobs, startFourKinds } from './four-kinds.ts';

async function startWorld() {
  const kinds = await startFourKinds();
  onTestFinished(kinds.stop);
  return kinds;
}

test('one screen shows a task, a job, a board item and an agent, running and asking, until all are done', async () => {
  const { home, kinds } = await startWorld();
  const all = Object.values(kinds);
  const ids = new Map<string, string>();
  for (const { begin, tool } of all) {
    const { stdout } = await run([...begin, '--detach'], { home });
    ids.set(tool, stdout.trim());
  }
  await using view = watch(home, ['--keep-open'], { columns: 110, rows: 24 });
  await view.waitFor('2 need input · 2 running');
  await view.waitFor('compiling');
  for (const { block } of all) await block();
  await view.waitFor('4 need input');
  for (const { tool, questions } of all) {
    for (const { asks, accept } of questions) {
      const id = ids.get(tool) ?? '';
      await view.waitFor((screen) => new RegExp(`\\? .*${tool}.*${asks}`).test(row(screen, id)));
      expect(await run(['answer', id, '--accept', ...accept], { home })).toMatchObject({ code: 0 });
    }
  }
  await view.waitFor('4 done');
  for (const { counted, questions } of all) expect(counted()).toEqual({ begun: 1, answered: questions.length });
});

test('leaving asks nothing if only jobs and board items run: they outlive the server process', async () => {
  const { home, kinds } = await startWorld();
  for (const { begin } of [kinds.job, kinds.item]) {
    const { stderr } = await run([...begin, '--detach'], { home });
    expect(stderr).not.toContain('background process');
  }
  await using view = watch(home, [], { columns: 110, rows: 24 });
  await view.waitFor('compiling');
  await view.waitFor('Write the notes');
  view.write('q');
  expect(await view.exited).toMatchObject({ code: 0 });
  const { stdout } = await run(['list', '--json'], { home });
  const { tasks } = JSON.parse(stdout) as { tasks: readonly { task: object }[] };
  const states = tasks.map(({ task }) => task);
  expect(states).toMatchObject([
    { status: 'working', trouble: null },
    { status: 'working', trouble: null },
  ]);
});

test('a program lists the same four kinds: each client its own task, the store all', async () => {
  const { home, targets } = await startWorld();
  const store = await openSqliteStore({ directory: `${home}/state` });
  onTestFinished(() => store.close());
  const open = async (target: Target, mapped?: JobsOption, env?: Readonly<Record<string, string>>) => {
    const connection = await connect(target, env === undefined ? {} : { env });
    const tasks = createTaskClient({ connection, store, ...(mapped === undefined ? {} : { jobs: mapped }) });
    onTestFinished(() => tasks.close());
    return tasks;
  };
  const shop = await open({ kind: 'url', url: targets.demo });
  const agent = await open({ kind: 'url', url: targets.agent, protocol: 'a2a' });
  const ci = await open(targets.builds.target, jobs.ci);
  const board = await open(targets.board.target, ({ name }) => presets[name], targets.board.env);
  const begun = [
    await shop.start({ name: 'release', arguments: { service: 'checkout' } }),
    await ci.start({ name: 'build', arguments: { branch: 'main' } }),
    await board.follow({ job: 'item', id: targets.board.first }),
    await agent.start({ name: 'send', arguments: { text: 'deploy shop' } }),
  ];
  for (const task of begun) await task.accepted();
  const clients = [shop, ci, board, agent];
  const each = await Promise.all(clients.map((tasks) => tasks.list({ open: true })));
  expect(each.map(({ records }) => records.map(({ id }) => id))).toEqual(begun.map(({ id }) => [id]));
  const all = (await openMailbox(store).list({ open: true })).records;
  const expected = [
    ['release', undefined],
    ['build', 'jobs'],
    ['item', 'jobs'],
    ['send', 'a2a'],
  ];
  expect(all.map(({ tool, protocol }) => [tool, protocol])).toEqual(expect.arrayContaining(expected));
  const { stdout } = await run(['list', '--json'], { home });
  const { tasks } = JSON.parse(stdout) as { tasks: readonly { task: { id: string } }[] };
  expect(new Set(tasks.map(({ task }) => task.id))).toEqual(new Set(begun.map(({ id }) => id)));
});
