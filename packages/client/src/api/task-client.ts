import type { Connection } from '../connect/connection.ts';
import { TaskError } from '../errors.ts';
import type { ClientContext } from '../worker/client-context.ts';
import { systemClock } from '../worker/system-clock.ts';
import { listTools } from '../worker/tools.ts';
import { withTrace } from '../worker/trace.ts';
import type { TaskClient, TaskClientOptions } from './client-api.ts';
import { createClientGuard } from './client-guard.ts';
import { createClientTasks } from './client-tasks.ts';
import { clientOver } from './connecting-client.ts';
import { createContext } from './create-context.ts';
import { createHandleSource } from './handle-source.ts';
import { createLazyHandle } from './lazy-handle.ts';
import { listRecords } from './list-records.ts';
import { pruneSettled } from './prune-settled.ts';
import { createStart } from './start-call.ts';
import { storeInMemory } from './store-in-memory.ts';
import type { StoredOptions } from './stored-options.ts';
import type { Unrecorded } from './unrecorded.ts';
import { openLazily } from './update-iterators.ts';

/**
 * The tasks of one connected server. Only `close()` closes the connection; the store stays open.
 * @example
 * import { createTaskClient } from '@mcp-tasks/client';
 * import { connect } from '@mcp-tasks/client/connect';
 * import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
 *
 * const store = await openSqliteStore({ directory: './state' });
 * const target = { kind: 'url', url: 'https://example.com/mcp' } as const;
 * const tasks = createTaskClient({ connect: () => connect(target), store });
 */
export function createTaskClient(options: TaskClientOptions): TaskClient {
  return clientOver({ ...options, store: options.store ?? storeInMemory() }, createClient);
}

function createClient(connection: Connection, options: StoredOptions): TaskClient {
  const { store, clock = systemClock } = options;
  const around = createContext(connection, options, clock);
  const guard = createClientGuard(around);
  const tasks = createClientTasks(around, guard, options.jobs);
  const { followed, events, jobs, support } = tasks;
  let unrecorded: Promise<Unrecorded> | undefined;
  const pruning = pruneSettled(store, clock, options.keepSettledMs);

  /** Loaded on first use: most hosts record only their own calls. */
  function others(): Promise<Unrecorded> {
    unrecorded ??= import('./unrecorded.ts').then(({ createUnrecorded }) => createUnrecorded(around, jobs));
    return unrecorded;
  }

  /** The shared context, with the current trace context on requests. */
  const tracedContext = (): ClientContext => ({ ...around, connection: withTrace(connection, options.trace) });
  const source = createHandleSource({ around, guard, followed, tracedContext });
  const { refuseClosed, refuseForeign } = guard;
  const forgetsPlain = options.record === 'tasks';
  const start = createStart({
    around,
    followed,
    support,
    jobs,
    tracedContext,
    refuseClosed,
    refuseForeign,
    forgetsPlain,
  });

  const list: TaskClient['list'] = (filter = {}) => listRecords(store, connection, filter, guard.whyForeign);

  return {
    connection,
    listTools: async (listOptions = {}) =>
      jobs.withJobs(await listTools(tracedContext().connection, around.dialect, listOptions.signal)),
    start,
    run: async (request, runOptions = {}) => (await import('./run-call.ts')).runCall(start, clock, request, runOptions),
    get: (id) => createLazyHandle(id, source),
    list,
    events(filter = {}) {
      const updates = events.listen(followed.all.values(), filter);
      if (filter.followOpen !== true) return updates;
      const options = { list, follow: (id: string) => createLazyHandle(id, source).follow() };
      return openLazily(async () => (await import('./follow-open.ts')).updatesOfOpen(updates, options, filter));
    },
    listUnrecorded: async () => (await others()).list(),
    async adopt(request) {
      refuseClosed(`Task ${request.taskId} was not resumed`);
      return source.open(await (await others()).adopt(request));
    },
    async follow(request) {
      refuseClosed(`Job ${request.id} was not followed`);
      return source.open(await (await others()).follow(request));
    },
    async reconnect() {
      throw new TaskError('unsupported', 'This client has one fixed connection, and cannot reconnect', {
        hint: 'Pass `connect` instead of `connection`.',
      });
    },
    async close() {
      guard.close();
      pruning.stop();
      await tasks.stop();
      await around.worker.leave();
      await connection.close({ keepSession: true });
    },
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}
