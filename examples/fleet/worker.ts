// One worker of a fleet. Start any number, on any number of machines: they share the tasks of one database.
import { createTaskWorker } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { openPostgresStore } from '@mcp-tasks/client/postgres-store';
import { Pool } from 'pg';

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const store = await openPostgresStore({ pool });
const worker = createTaskWorker({ store, connect: (server, under) => connect(server.target, under), maxTasks: 2_000 });
process.once('SIGTERM', () => void worker.stop()); // releases its tasks, so that other workers continue at once
console.log(`Worker ${process.pid} runs`);

for await (const event of worker.events()) {
  if (event.kind === 'question') console.log(`${event.record.tool} ${event.record.id} asks: ${event.key}`);
  // Handle the event here (webhook, mail, database row). Delivery is at-least-once: deduplicate by id. Asking for the
  // next event acknowledges this one.
  if (event.kind === 'settled') console.log(`${event.record.tool} ${event.record.id} ended ${event.outcome.status}`);
}
await worker.stop();
await store.close();
await pool.end();
