import { createTaskClient, openQuestions } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, onTestFinished, test } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';

test('concurrent calls over HTTP each get their own question', async () => {
  const demo = await serveDemoHttp({ speed: 0.05, revision: '2025-11-25' });
  onTestFinished(() => demo.stop());
  const store = createMemoryStore();
  const tasks = createTaskClient({ connection: await connect({ kind: 'url', url: demo.url }), store });
  onTestFinished(() => tasks.close());
  const paths = ['/srv/a', '/srv/b', '/srv/c'];
  const calls = paths.map((path) => acceptedCall(tasks, { name: 'confirm-first', arguments: { path } }));
  const batch = await acceptedCall(tasks, { name: 'batch', arguments: { items: 2 } });
  const asked = (await Promise.all(calls)).map((call) => {
    if (call.kind !== 'task') throw new Error('Nothing was asked');
    const { arguments: args, ...record } = call.task.latest;
    const [question] = Object.values(openQuestions({ ...record, arguments: args }));
    return [args.path, question?.params.message];
  });
  expect(asked).toEqual(paths.map((path) => [path, `Delete ${path}?`]));
  expect(batch.kind === 'task' && batch.task.latest.taskId).toEqual(expect.any(String));
});
