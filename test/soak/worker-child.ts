import type { TaskError, TaskRecord, TaskStore } from '@mcp-tasks/client';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { createChance } from './chance.ts';
import { openJournal } from './journal.ts';
import { createLossyStore } from './lossy-store.ts';
import type { PlannedCall } from './planned-calls.ts';
import { createConnections } from './worker-connections.ts';
import { createPerson } from './worker-person.ts';
import type { Order, WorkerSetup } from './worker-setup.ts';

/** Interval of searching the records for tasks of other workers, in ms. */
const SEARCH_MS = 700;
const FOLLOWED_SHARE = 0.6;
/** How long a record without a reply is watched for progress elsewhere, in ms. */
const LOST_MS = 3000;
/** A task open this long is followed by every worker, in ms. */
const NEGLECTED_MS = 10_000;

const setup = JSON.parse(process.argv[2] ?? '') as WorkerSetup;
const { seed, name, life } = setup;
const chance = createChance(seed, `worker ${name} ${life}`);
const journal = openJournal(setup.journal, name);
const disk = await openSqliteStore({ directory: setup.storeDirectory });
/** Task clients may lose their store; the worker reads records from the disk. */
const lossy = createLossyStore(disk);
const store: TaskStore = disk;
const connections = createConnections(setup, lossy.store, chance);
const person = createPerson({ setup, store, journal, chance });
const followed = new Map<string, Promise<void>>();
let isFinishing = false;

async function call({ nonce, lane, tool, args }: PlannedCall): Promise<void> {
  const client = await connections.toCall(lane);
  journal.write({ kind: 'calling', nonce, lane });
  try {
    const task = await client.start({ name: tool, arguments: args as TaskRecord['arguments'] });
    const { id } = task;
    journal.write({ kind: 'recorded', nonce, id });
    const answer = await task.accepted();
    const record = await store.read(id);
    const onDisk = answer.kind === 'complete' ? record !== undefined : record?.taskId === task.latest.taskId;
    journal.write({ kind: 'called', nonce, id, onDisk });
    if (answer.kind === 'task') await person.watch(task);
  } catch (error) {
    const { code = 'no code', message } = error as TaskError;
    journal.write({ kind: 'call-failed', nonce, code, message });
  }
}

function isToFollow({ id, createdAt }: TaskRecord): boolean {
  if (isFinishing || Date.now() - createdAt > NEGLECTED_MS) return true;
  return createChance(seed, `${name} ${life} ${id}`).hits(FOLLOWED_SHARE);
}

async function follow(record: TaskRecord): Promise<void> {
  try {
    const client = await connections.toFollow(record);
    const task = await client.get(record.id).follow();
    if (record.phase !== 'intent') return await person.watch(task);
    // A call without a reply: it is neither polled nor repeated.
    const { status } = await task.outcome({ timeoutMs: LOST_MS });
    if (status === 'unknown') task.detach();
    else await person.watch(task);
  } catch (error) {
    if ((error as TaskError).code === undefined && !isLeaving) throw error;
  }
}

async function searchRecords(): Promise<void> {
  for (const record of (await store.list({ open: true })).records) {
    if (followed.has(record.id) || !isToFollow(record)) continue;
    const done = follow(record).finally(() => {
      // Calls without a reply do not change: one search is enough.
      if (record.phase !== 'intent') followed.delete(record.id);
    });
    followed.set(record.id, done);
  }
}

let isLeaving = false;
const timer = setInterval(() => void searchRecords(), SEARCH_MS);

async function leave(): Promise<void> {
  isLeaving = true;
  clearInterval(timer);
  await connections.close();
  await store.close();
  process.exit(0);
}

process.on('message', (order: Order) => {
  if (order.kind === 'call') void call(order.planned);
  if (order.kind === 'finish') {
    isFinishing = true;
    person.hurry();
  }
  if (order.kind === 'lose-store') {
    journal.write({ kind: 'store-lost', forMs: order.forMs });
    lossy.lose(order.how, order.forMs);
  }
  if (order.kind === 'end-connection')
    void connections.endOne((lane) => journal.write({ kind: 'connection-ended', lane }));
  if (order.kind === 'leave') void leave();
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
