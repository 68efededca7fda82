import { createTaskClient } from '@mcp-tasks/client';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { expect, onTestFinished, test } from 'vitest';
import { serveDemoHttp } from '../../packages/cli/src/demo/index.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { serveRecordingProxy } from './recording-proxy.ts';
import { connections } from './three-connections.ts';

test.each(connections)('over %s, a question survives the loss of its stream', async (_, open) => {
  const demo = await serveDemoHttp({ speed: 0.05, revision: '2025-11-25' });
  onTestFinished(() => demo.stop());
  const { url, seen } = await serveRecordingProxy(demo.url);
  const tasks = createTaskClient({ connection: await open(url), store: createMemoryStore() });
  onTestFinished(() => tasks.close());
  const call = await acceptedCall(tasks, { name: 'release', arguments: { service: 'shop' } });
  if (call.kind !== 'task') throw new Error('No task');
  const cut = new Set<string>();
  for await (const update of call.task.updates()) {
    if (update.kind !== 'question') continue;
    const asksForStrategy = JSON.stringify(update.request.params).includes('strategy');
    const content = asksForStrategy ? { strategy: 'canary' } : { approve: true };
    // Each question's stream breaks once; a server that lost the answer with it asks again.
    if (!cut.has(String(asksForStrategy))) for (const { rpc, cut } of seen) if (rpc === 'tasks/result') cut();
    cut.add(String(asksForStrategy));
    await answerNow(call.task, update.key, { action: 'accept', content });
  }
  expect(await call.task.outcome({ timeoutMs: 120_000 })).toMatchObject({
    status: 'completed',
    result: { structuredContent: { strategy: 'canary' } },
  });
});
