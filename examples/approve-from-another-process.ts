// One process calls and waits; another, perhaps tomorrow, answers its approval through the record.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createTaskClient, openQuestions } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { demoTarget } from './demo-target.ts';

const [directory = './state', role = 'caller', id = ''] = process.argv.slice(2);
const store = await openSqliteStore({ directory });
const connection = await connect(demoTarget(`${directory}/server`));
const tasks = createTaskClient({ connection, store });

if (role === 'approver') {
  const task = await tasks.resume(id);
  for (const key of Object.keys(openQuestions(task.latest))) {
    const question = await task.question(key);
    console.log(`[approver] ${String(question.request.params.message)} — yes`);
    await question.answer({ action: 'accept', content: { approve: true } });
  }
} else {
  const call = await tasks.callTool({ name: 'release', arguments: { service: 'checkout', version: '2.4.0' } });
  if (call.kind !== 'task') throw new Error('The release was expected to become a task');
  for await (const update of call.task.updates()) {
    if (update.kind === 'status') console.log(`[caller] ${update.record.status}: ${update.record.statusMessage ?? ''}`);
    if (update.kind !== 'question') continue;
    if (update.key === 'strategy') await update.question.answer({ action: 'accept', content: { strategy: 'canary' } });
    else fork(fileURLToPath(import.meta.url), [directory, 'approver', call.task.id]);
  }
  console.log('[caller] done:', (await call.task.outcome()).status);
}
await tasks.close();
await store.close();
