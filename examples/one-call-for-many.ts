// Two requests for the same work make one call: the second joins by key. Labels find the record again.
import { createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { demoTarget } from './demo-target.ts';

const tasks = createTaskClient({ connection: await connect(demoTarget()), store: createMemoryStore() });
const report = { name: 'report', arguments: { topic: 'tides' }, key: 'report:tides' };

const [first, second] = await Promise.all([
  tasks.start({ ...report, labels: { thread: 't1' } }),
  tasks.start({ ...report, labels: { thread: 't1' } }),
]);
console.log('One call:', first.id === second.id);

const { records } = await tasks.list({ open: true, labels: { thread: 't1' }, limit: 10 });
console.log('Open in thread t1:', records.map(({ tool }) => tool).join(', '));

await tasks
  .start({ ...report, onExisting: 'refuse' })
  .catch(({ code, hint }) => console.log(`Not called again: ${code}. ${hint}`));

for (const task of [first, second]) console.log((await task.outcome()).status);
const next = await tasks.start(report); // the key is free after the call has ended
console.log('A new call:', next.id !== first.id);
await tasks.close();
