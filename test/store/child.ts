// One of several processes on a store. Its argument is its job; it prints its results on stdout, one per line.
import { openSqliteStore, processOwner } from '../../packages/client/src/store/sqlite-store.ts';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { startAskingTask } from './asking-worker.ts';
import type { ChildJob } from './support.ts';

const job = JSON.parse(process.argv[2] ?? '{}') as ChildJob;
const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const waitForResume = (): Promise<void> => new Promise((resolve) => process.stdin.once('data', () => resolve()));

try {
  const store = await openSqliteStore({ directory: job.directory, onNotice: (text) => print({ notice: text }) });
  switch (job.kind) {
    case 'increment':
      print('ready');
      await waitForResume();
      for (let count = 0; count < job.times; count += 1) {
        await store.update(job.id, (record) => ({ ...record, updatedAt: record.updatedAt + 1 }));
      }
      break;
    case 'race': {
      const owner = processOwner();
      print('ready');
      await waitForResume();
      const won: string[] = [];
      for (const id of job.ids) {
        won.push(...(await store.claim({ owner, limit: 1, ids: [id] })).map(({ lease }) => lease.id));
      }
      print(won);
      await waitForResume();
      break;
    }
    case 'hold': {
      const owner = processOwner();
      const [claim] = await store.claim({ owner, limit: 1, ids: [job.id] });
      print(claim?.lease);
      await waitForResume();
      const late = await store.update(job.id, (record) => ({ ...record, tool: 'written late' }), claim?.lease);
      print({ written: late ?? null, tenure: (await store.renew(owner)) ?? null });
      break;
    }
    case 'write-for-ever':
      for (let count = 0; ; count += 1) {
        await store.create(sampleRecord({ id: `${job.prefix}${count}`, arguments: { text: 'x'.repeat(5_000) } }));
        await store.update(`${job.prefix}${count}`, (record) => ({ ...record, taskId: `t-${record.id}` }));
        print(count);
      }
    case 'start':
      print('ready');
      await waitForResume();
      await store.create(sampleRecord({ id: `by-${process.pid}`, key: job.key }));
      print('started');
      break;
    case 'ask': {
      const { client, task } = await startAskingTask(store);
      print(task.id);
      await waitForResume();
      await client.close();
      break;
    }
    case 'open':
      await store.create(sampleRecord({ id: `by-${process.pid}` }));
      print('written');
  }
  await store.close();
  process.exit(0);
} catch (error) {
  const { code, message, hint } = error as { code?: string; message: string; hint?: string };
  print({ code, message, hint });
  process.exit(1);
}
