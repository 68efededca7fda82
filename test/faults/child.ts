// A host in its own process, for tests that stop and kill it. Its job is JSON; it prints its events on stdout, one JSON
// value per line, and reads answers from stdin.

import { createInterface } from 'node:readline';
import { createTaskClient } from '../../packages/client/src/api/task-client.ts';
import type { Clock } from '../../packages/client/src/clock.ts';
import { connect } from '../../packages/client/src/connect/connect.ts';
import { openSqliteStoreOrMemory, processOwner } from '../../packages/client/src/store/sqlite-store.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import type { FaultyJob, FaultyOrder } from './processes.ts';

const {
  url,
  directory,
  name,
  resume,
  tempo = 1,
  epoch = Date.now(),
} = JSON.parse(process.argv[2] ?? '{}') as FaultyJob;
const emit = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

/** A clock faster by `tempo`, so that a ten-second lease expires sooner. */
const clock: Clock = {
  now: () => epoch + (Date.now() - epoch) * tempo,
  random: () => Math.random(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, delayMs / tempo);
    return () => clearTimeout(timer);
  },
};

const store = await openSqliteStoreOrMemory({ directory, clock, onNotice: (notice) => emit({ notice }) });
const connection = await connect({ kind: 'url', url }, { headers: { 'x-process': name } });
const client = createTaskClient({ connection, store, clock, owner: processOwner() });

async function openTask() {
  if (resume !== undefined) return client.get(resume).follow();
  const call = await acceptedCall(client, { name: 'deploy' });
  if (call.kind !== 'task') throw new Error('The server made no task');
  return call.task;
}

const task = await openTask();
emit({ following: task.id });
createInterface({ input: process.stdin }).on('line', (line) => {
  const { answer, response } = JSON.parse(line) as FaultyOrder;
  answerNow(task, answer, response).then(
    () => emit({ accepted: answer }),
    (error: { code?: string }) => emit({ refused: error.code }),
  );
});
for await (const update of task.updates()) {
  const { status, statusMessage } = update.record;
  emit({ kind: update.kind, status, statusMessage });
}
await client.close();
await store.close();
process.exit(0);
