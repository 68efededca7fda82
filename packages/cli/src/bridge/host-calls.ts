import {
  type CallToolResult,
  type JsonObject,
  type Mailbox,
  TaskError,
  type TaskRecord,
  type TaskStore,
} from '@mcp-tasks/client';
import { callKey, type KeeperLine } from '@mcp-tasks/client/keeper';
import { type CallState, callStateOf, hasEnded } from './call-state.ts';
import { earlierNote, finished, joinedNote, mayHaveRun, type OwnNames, quote, unfinished } from './texts.ts';
import { watchRecord } from './watch-record.ts';

/** How long an answer to `tasks_cancel` waits for the server. */
const CANCEL_MS = 3_000;

/** One request of a host. */
export interface HostCall {
  /** Aborted when the host gives the call up: it is left, and goes on. */
  readonly signal: AbortSignal;
  /** How long to hold it, in ms. */
  readonly holdMs: number;
  /** Hears each version of the record while the call is held. */
  readonly onChange: (record: TaskRecord) => void;
}

/** What the calls of a host need. */
export interface HostCallsOptions {
  readonly store: TaskStore;
  readonly mailbox: Mailbox;
  /** Of the bridged server. */
  readonly fingerprint: string;
  readonly keeper: () => Promise<KeeperLine>;
  readonly names: () => OwnNames;
  readonly now: () => number;
  /** Equal calls join. @default true */
  readonly join: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/** The calls of a host: begun or joined, held, and taken up again by `tasks_wait`. */
export interface HostCalls {
  call(tool: string, args: JsonObject, call: HostCall): Promise<CallToolResult>;
  wait(id: string, call: HostCall): Promise<CallToolResult>;
  list(): Promise<CallToolResult>;
  cancel(id: string): Promise<CallToolResult>;
  /** The end has been written to the host. */
  delivered(result: CallToolResult): void;
}

export function createHostCalls(options: HostCallsOptions): HostCalls {
  const { store, mailbox, fingerprint, names, now } = options;
  /** Which record an answer is the end of, until it is known to be delivered. */
  const endOf = new WeakMap<CallToolResult, string>();
  /** The last note of a delivery: the next call must find it on record. */
  let delivering: Promise<unknown> = Promise.resolve();

  const stateOf = async (record: TaskRecord): Promise<CallState> =>
    callStateOf(record, (await store.ownerOf(record.id)) !== undefined);

  function end(record: TaskRecord, note?: string): CallToolResult {
    const result = { ...finished(record, note) };
    endOf.set(result, record.id);
    return result;
  }

  async function hold(id: string, call: HostCall, note?: string): Promise<CallToolResult> {
    const timeUp = AbortSignal.timeout(call.holdMs);
    const watched = await watchRecord(store, id, {
      isOver: hasEnded,
      signal: AbortSignal.any([call.signal, timeUp]),
      onChange: call.onChange,
    });
    if (watched.kind === 'gone') return problem(`The record of task ${id} was deleted.`);
    if (watched.kind === 'left')
      return unfinished({ record: watched.record, names: names(), holdMs: call.holdMs, now: now() });
    return watched.record.outcome === null ? mayHaveRun(watched.record) : end(watched.record, note);
  }

  async function find(id: string): Promise<TaskRecord | undefined> {
    const { records } = await store.find(id);
    const own = records.filter(({ server }) => server.fingerprint === fingerprint);
    return own.length === 1 ? own[0] : undefined;
  }

  /** What is saved is sent by the keeper, also when the server takes its time to acknowledge it. */
  async function askToStop(id: string): Promise<string | undefined> {
    try {
      await mailbox.get(id).cancel({ signal: AbortSignal.timeout(CANCEL_MS) });
      return undefined;
    } catch (error) {
      const isSaved = TaskError.is(error) && ['unreachable', 'aborted', 'closed'].includes(error.code);
      return isSaved || !(error instanceof Error) ? undefined : error.message;
    }
  }

  async function earlier(key: string): Promise<TaskRecord | undefined> {
    await delivering;
    const { records } = await store.list({ fingerprint, key }, { limit: 1 });
    return records[0];
  }

  return {
    async call(tool, args, call) {
      const key = options.join ? callKey(tool, args) : null;
      const same = key === null ? undefined : await earlier(key);
      const state = same === undefined ? 'delivered' : await stateOf(same);
      if (same !== undefined && state === 'running') return hold(same.id, call, joinedNote(same));
      if (same !== undefined && state === 'undelivered') return end(same, earlierNote(same));
      if (same !== undefined && state === 'lost') return mayHaveRun(same);
      const { id } = await (await options.keeper()).start({ name: tool, arguments: args, key, labels: options.labels });
      return hold(id, call);
    },
    async wait(id, call) {
      const record = await find(id);
      if (record === undefined) return problem(`No task ${quote(id)} of this server. See ${names().list}.`);
      if ((await stateOf(record)) === 'lost') return mayHaveRun(record);
      return hold(record.id, call);
    },
    async list() {
      const { records } = await store.list({ fingerprint }, { limit: 200 });
      const rows = await Promise.all(records.map(async (record) => rowOf(record, await stateOf(record), names())));
      const shown = rows.filter((row) => row !== undefined);
      return text(shown.length === 0 ? 'No task runs, and every result was delivered.' : shown.join('\n'));
    },
    async cancel(id) {
      const record = await find(id);
      if (record === undefined) return problem(`No task ${quote(id)} of this server. See ${names().list}.`);
      if (record.outcome !== null) return text(`Task ${record.id} has already ended: ${record.outcome.status}.`);
      const refusal = await askToStop(record.id);
      if (refusal !== undefined) return problem(`Task ${record.id} was not cancelled: ${refusal}`);
      return text(`The server is asked to stop task ${record.id}; it may still complete. See ${names().wait}.`);
    },
    delivered(result) {
      const id = endOf.get(result);
      const at = now();
      if (id === undefined) return;
      const note = store.update(id, (record) =>
        typeof record.deliveredAt === 'number' ? record : { ...record, deliveredAt: at },
      );
      // Without the note the result is delivered once more, which is better than never.
      delivering = Promise.all([delivering, note.catch(() => undefined)]);
    },
  };
}

function rowOf(record: TaskRecord, state: CallState, names: OwnNames): string | undefined {
  const call = `${record.id}  ${record.tool} ${JSON.stringify(record.arguments).slice(0, 200)}`;
  switch (state) {
    case 'delivered':
      return undefined;
    case 'undelivered':
      return `${call}: ${record.outcome?.status}, not delivered yet: ${names.wait}`;
    case 'lost':
      return `${call}: unknown, it may have run`;
    case 'running':
      return `${call}: ${record.status === 'input_required' ? 'waits for a person' : 'running'}`;
  }
}

function text(words: string): CallToolResult {
  return { content: [{ type: 'text', text: words }] };
}

function problem(words: string): CallToolResult {
  return { ...text(words), isError: true };
}
