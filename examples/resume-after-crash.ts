// Starts a task and exits at once; the next run finds the record, resumes the task and prints the result.
import { createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { demoTarget } from './demo-target.ts';

const directory = process.argv[2] ?? './state';
const store = await openSqliteStore({ directory });
const connection = await connect(demoTarget(`${directory}/server`));
const tasks = createTaskClient({ connection, store });

const [open] = (await tasks.list({ open: true })).records;
if (open === undefined) {
  const task = await tasks.start({ name: 'report', arguments: { topic: 'tides' } });
  await task.accepted();
  console.log(`Task ${task.id} is on record. Crashing now; run me again.`);
  process.kill(process.pid, 'SIGKILL');
} else {
  console.log(`Found ${open.tool} ${open.id} from another life.`);
  const outcome = await tasks.get(open.id).outcome();
  console.log(`It ended ${outcome.status}:`, outcome.result?.content);
}
await tasks.close();
await store.close();
