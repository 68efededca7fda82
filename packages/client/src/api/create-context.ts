import type { Clock } from '../clock.ts';
import type { Connection } from '../connect/connection.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import { dialectOf } from '../protocol/select.ts';
import { protocolOf, type TaskRecord } from '../task/record.ts';
import type { ClientContext } from '../worker/client-context.ts';
import { lazyListedPolls } from '../worker/lazy-listed-polls.ts';
import { createId } from '../worker/new-record.ts';
import { requestLimitOf } from '../worker/request-limit.ts';
import { sharePauses } from '../worker/share-pauses.ts';
import { storeWorkerOf } from '../worker/store-worker.ts';
import { streamQuestionsOf } from '../worker/streams/stream-questions.ts';
import type { StoredOptions } from './stored-options.ts';

/** For a protocol whose servers send no requests. */
const noTask = (): undefined => undefined;

/** The context that all tasks of one client share, with defaults of its options. */
export function createContext(connection: Connection, options: StoredOptions, clock: Clock): ClientContext {
  const { store } = options;
  const { identity, negotiated } = connection;
  const brought = connection.dialect as TaskDialect | undefined;
  const dialect = brought ?? (dialectOf({ revision: negotiated.revision }) as TaskDialect);
  const dialectFor = (record: TaskRecord): TaskDialect | undefined =>
    brought?.protocol === protocolOf(record) ? brought : dialectOf(record);
  const gate = requestLimitOf(clock, identity.fingerprint, options.maxInFlight);
  sharePauses(store, clock, identity.fingerprint, gate);
  const owner = options.owner ?? store.newOwner?.() ?? `host:0:${createId(clock.random)}${createId(clock.random)}`;
  return {
    connection,
    store,
    clock,
    dialect,
    dialectFor,
    worker: storeWorkerOf(store, clock, owner),
    gate,
    questions: streamQuestionsOf(connection, clock, dialect.requests?.taskOf ?? noTask),
    listedPolls: lazyListedPolls(clock),
    minPollIntervalMs: options.minPollIntervalMs ?? 0,
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
    maxFailures: options.maxFailures ?? 5,
    observe: options.observe ?? false,
    handsOver: options.lead === false,
    // A stdio server is a child process: other processes cannot reach its tasks.
    standsBack: () => identity.target.kind !== 'command',
    owesEnds: options.lead === false,
  };
}
