// One process calls and waits; another (a web page, for example) answers its approval through the record alone.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createTaskClient, openMailbox, openQuestions } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { demoTarget } from './demo-target.ts';

const [directory = './state', role = 'caller', id = ''] = process.argv.slice(2);
const store = await openSqliteStore({ directory });

/** The mailbox needs no connection: the process that drives the task sends the answer. */
async function approve(): Promise<void> {
  const mailbox = openMailbox(store);
  const task = mailbox.get(id);
  for (const key of Object.keys(openQuestions(await task.record()))) {
    const question = await task.question(key);
    console.log(`[approver] ${String(question.request.params.message)} — yes`);
    await question.answer({ action: 'accept', content: { approve: true } });
  }
  await mailbox.close();
}

async function call(): Promise<void> {
  const connection = await connect(demoTarget(`${directory}/server`));
  const tasks = createTaskClient({ connection, store });
  const task = await tasks.start({ name: 'release', arguments: { service: 'checkout', version: '2.4.0' } });
  for await (const update of task.updates()) {
    const { status, statusMessage } = update.record;
    if (update.kind === 'status' && statusMessage !== undefined) console.log(`[caller] ${status}: ${statusMessage}`);
    if (update.kind !== 'question') continue;
    if (update.key === 'strategy') await update.question.answer({ action: 'accept', content: { strategy: 'canary' } });
    else fork(fileURLToPath(import.meta.url), [directory, 'approver', task.id]);
  }
  console.log('[caller] done:', (await task.outcome()).status);
  await tasks.close();
}

await (role === 'approver' ? approve() : call());
await store.close();
