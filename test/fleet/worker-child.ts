// One worker process of a fleet. Its argument is its job; it prints its events, one per line.
import { type Connection, createTaskWorker, type TaskStore } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { SENDER } from './counting-server.ts';
import { openStore, type StoreAt } from './open-store.ts';

export interface WorkerJob {
  readonly name: string;
  readonly store: StoreAt;
  readonly maxTasks?: number;
  /** Never asks for the event after a settled one, so that the outcome stays undelivered. */
  readonly holdsEnds?: boolean;
}

const job = JSON.parse(process.argv[2] ?? '{}') as WorkerJob;
const fences = new Map<string, number>();
const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** Wraps a store to record the fence of each task's last claim. */
function recordFences(store: TaskStore): TaskStore {
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (name !== 'claim') return typeof value === 'function' ? value.bind(target) : value;
      return async (request: Parameters<TaskStore['claim']>[0]) => {
        const claims = await target.claim(request);
        for (const { record, lease } of claims) fences.set(record.taskId ?? '', lease.fence);
        return claims;
      };
    },
  });
}

/** Wraps a connection to add the sender to each request. */
function addSender(connection: Connection): Connection {
  return new Proxy(connection, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (name !== 'request') return typeof value === 'function' ? value.bind(target) : value;
      const request: Connection['request'] = (method, params, options) => {
        const sender = { worker: job.name, fence: fences.get(String(params.taskId)) ?? 0 };
        return target.request(method, { ...params, _meta: { [SENDER]: sender } }, options);
      };
      return request;
    },
  });
}

const { store, statements, close } = await openStore(job.store);
const worker = createTaskWorker({
  store: recordFences(store),
  connect: async ({ target }) => addSender(await connect(target)),
  ...(job.maxTasks === undefined ? {} : { maxTasks: job.maxTasks }),
});
print({ owner: worker.owner });
setInterval(() => print({ held: worker.held, statements: statements() }), 1_000).unref();

process.on('SIGTERM', async () => {
  await worker.stop();
  await close();
  print({ stopped: true });
  process.exit(0);
});

for await (const { kind, record } of worker.events()) {
  if (kind !== 'settled') continue;
  print({ settled: record.id });
  if (job.holdsEnds === true) await new Promise(() => undefined);
}
