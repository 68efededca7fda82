// One of several processes on a store. Its argument is its job; it prints its results on stdout, one per line.
import { openSqliteStore, processOwner } from '../../packages/client/src/store/sqlite-store.ts';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { startAskingTask } from './asking-worker.ts';
import type { ChildJob } from './support.ts';

const job = JSON.parse(process.argv[2] ?? '{}') as ChildJob;
const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const told = (): Promise<void> => new Promise((resolve) => process.stdin.once('data', () => resolve()));

try {
  const store = await openSqliteStore({ directory: job.directory, onNotice: (text) => say({ notice: text }) });
  switch (job.kind) {
    case 'increment':
      say('ready');
      await told();
      for (let count = 0; count < job.times; count += 1) {
        await store.update(job.id, (record) => ({ ...record, updatedAt: record.updatedAt + 1 }));
      }
      break;
    case 'race': {
      const owner = processOwner();
      say('ready');
      await told();
      const won: string[] = [];
      for (const id of job.ids) {
        won.push(...(await store.claim({ owner, limit: 1, ids: [id] })).map(({ lease }) => lease.id));
      }
      say(won);
      await told();
      break;
    }
    case 'hold': {
      const owner = processOwner();
      const [claim] = await store.claim({ owner, limit: 1, ids: [job.id] });
      say(claim?.lease);
      await told();
      const late = await store.update(job.id, (record) => ({ ...record, tool: 'written late' }), claim?.lease);
      say({ written: late ?? null, tenure: (await store.renew(owner)) ?? null });
      break;
    }
    case 'write-for-ever':
      for (let count = 0; ; count += 1) {
        await store.create(sampleRecord({ id: `${job.prefix}${count}`, arguments: { text: 'x'.repeat(5_000) } }));
        await store.update(`${job.prefix}${count}`, (record) => ({ ...record, taskId: `t-${record.id}` }));
        say(count);
      }
    case 'start':
      say('ready');
      await told();
      await store.create(sampleRecord({ id: `by-${process.pid}`, key: job.key }));
      say('started');
      break;
    case 'ask': {
      const { client, task } = await startAskingTask(store);
      say(task.id);
      await told();
      await client.close();
      break;
    }
    case 'open':
      await store.create(sampleRecord({ id: `by-${process.pid}` }));
      say('written');
  }
  await store.close();
  process.exit(0);
} catch (error) {
  const { code, message, hint } = error as { code?: string; message: string; hint?: string };
  say({ code, message, hint });
  process.exit(1);
}
