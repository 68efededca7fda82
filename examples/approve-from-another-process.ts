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
  const task = await tasks.get(id).follow();
  for (const key of Object.keys(openQuestions(task.latest))) {
    const question = await task.question(key);
    console.log(`[approver] ${String(question.request.params.message)} — yes`);
    await question.answer({ action: 'accept', content: { approve: true } });
  }
} else {
  const task = await tasks.start({ name: 'release', arguments: { service: 'checkout', version: '2.4.0' } });
  for await (const update of task.updates()) {
    if (update.kind === 'status') console.log(`[caller] ${update.record.status}: ${update.record.statusMessage ?? ''}`);
    if (update.kind !== 'question') continue;
    if (update.key === 'strategy') await update.question.answer({ action: 'accept', content: { strategy: 'canary' } });
    else fork(fileURLToPath(import.meta.url), [directory, 'approver', task.id]);
  }
  console.log('[caller] done:', (await task.outcome()).status);
}
await tasks.close();
await store.close();
