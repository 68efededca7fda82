// One worker of a fleet: start as many as you like, on as many machines. They share the tasks of one database.
import { createTaskWorker } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { openPostgresStore } from '@mcp-tasks/client/postgres-store';
import { Pool } from 'pg';

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const store = await openPostgresStore({ pool });
const worker = createTaskWorker({ store, connect: (server, under) => connect(server.target, under), maxTasks: 2_000 });
process.once('SIGTERM', () => void worker.stop()); // gives its tasks back: the others go on at once
console.log(`Worker ${process.pid} runs`);

for await (const event of worker.events()) {
  if (event.kind === 'question') console.log(`${event.record.tool} ${event.record.id} asks: ${event.key}`);
  // A webhook, a mail, a row of your own: at least once, so name it by the id. Asking for the next event says it was done.
  if (event.kind === 'settled') console.log(`${event.record.tool} ${event.record.id} ended ${event.outcome.status}`);
}
await worker.stop();
await store.close();
await pool.end();
