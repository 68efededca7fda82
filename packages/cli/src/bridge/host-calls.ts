import {
  type CallToolResult,
  type JsonObject,
  openQuestions,
  own,
  TaskError,
  type TaskRecord,
  type TaskStore,
} from '@mcp-tasks/client';
import type { BridgedRecords } from './bridged-records.ts';
import { type CallState, callStateOf, hasEnded } from './call-state.ts';
import { earlierNote, finished, joinedNote, mayHaveRun, type OwnNames, quote, unfinished } from './texts.ts';
import { watchRecord } from './watch-record.ts';

/** One request of a host. */
export interface HostCall {
  /** Aborted when the host gives up; the call itself continues. */
  readonly signal: AbortSignal;
  /** Hold time, in ms. */
  readonly holdMs: number;
  /** Whether the host can be asked this record's questions now, which ends the hold. */
  readonly asks?: ((record: TaskRecord) => boolean) | undefined;
  /** Called with each version of the record while the call is held. */
  readonly onChange: (record: TaskRecord) => void;
}

export interface HostCallsOptions {
  readonly records: BridgedRecords;
  readonly store: TaskStore;
  readonly names: () => OwnNames;
  readonly now: () => number;
}

/** The calls of a host: begun or joined, held, and resumed by `tasks_wait`. */
export interface HostCalls {
  call(tool: string, args: JsonObject, call: HostCall): Promise<CallToolResult>;
  wait(id: string, call: HostCall): Promise<CallToolResult>;
  list(): Promise<CallToolResult>;
  cancel(id: string): Promise<CallToolResult>;
  /** Answers the question of a task with the arguments of the answer tool. */
  answer(id: string, given: JsonObject): Promise<CallToolResult>;
  /** The result was written to the host. */
  delivered(result: CallToolResult): void;
}

export function createHostCalls({ records, store, names, now }: HostCallsOptions): HostCalls {
  /** The record of each final result. */
  const endOf = new WeakMap<CallToolResult, string>();

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
      isOver: (record) => hasEnded(record) || call.asks?.(record) === true,
      signal: AbortSignal.any([call.signal, timeUp]),
      onChange: call.onChange,
    });
    if (watched.kind === 'gone') return problem(`The record of task ${id} was deleted.`);
    if (!hasEnded(watched.record))
      return unfinished({ record: watched.record, names: names(), holdMs: call.holdMs, now: now() });
    return watched.record.outcome === null ? mayHaveRun(watched.record) : end(watched.record, note);
  }

  return {
    async call(tool, args, call) {
      const same = await records.findEqual(tool, args);
      const state = same === undefined ? 'delivered' : await stateOf(same);
      if (same !== undefined && state === 'running') return hold(same.id, call, joinedNote(same));
      if (same !== undefined && state === 'undelivered') return end(same, earlierNote(same));
      if (same !== undefined && state === 'lost') return mayHaveRun(same);
      return hold(await records.begin(tool, args), call);
    },
    async wait(id, call) {
      const record = await records.find(id);
      if (record === undefined) return problem(`No task ${quote(id)} of this server. See ${names().list}.`);
      if ((await stateOf(record)) === 'lost') return mayHaveRun(record);
      return hold(record.id, call);
    },
    async list() {
      const page = await records.list({}, { limit: 200 });
      const rows = await Promise.all(page.records.map(async (record) => rowOf(record, await stateOf(record), names())));
      const shown = rows.filter((row) => row !== undefined);
      return text(shown.length === 0 ? 'No task runs, and every result was delivered.' : shown.join('\n'));
    },
    async cancel(id) {
      const record = await records.find(id);
      if (record === undefined) return problem(`No task ${quote(id)} of this server. See ${names().list}.`);
      if (record.outcome !== null) return text(`Task ${record.id} has already ended: ${record.outcome.status}.`);
      const refusal = await records.requestCancel(record.id);
      if (refusal !== undefined) return problem(`Task ${record.id} was not cancelled: ${refusal}`);
      return text(`The server is asked to stop task ${record.id}; it may still complete. See ${names().wait}.`);
    },
    async answer(id, given) {
      const record = await records.find(id);
      if (record === undefined) return problem(`No task ${quote(id)} of this server. See ${names().list}.`);
      const open = openQuestions(record);
      const key = typeof given.question === 'string' ? given.question : Object.keys(open)[0];
      if (key === undefined || own(open, key) === undefined)
        return problem(`Task ${record.id} has no such open question.`);
      try {
        await records.answer(record, key, responseOf(given));
      } catch (error) {
        if (!TaskError.is(error)) throw error;
        if (error.code !== 'unreachable') return problem(refusalOf(error));
      }
      return text(`The answer is saved and goes to the server. Call ${names().wait} with {"id":"${record.id}"}.`);
    },
    delivered(result) {
      const id = endOf.get(result);
      if (id !== undefined) records.delivered(id);
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

function responseOf({ content, decline }: JsonObject): JsonObject {
  return decline === true ? { action: 'decline' } : { action: 'accept', content: content ?? {} };
}

function refusalOf({ message, problems }: TaskError): string {
  return [message, ...problems.map((each) => `${each.path} ${each.message}`.trim())].join('\n');
}

function text(words: string): CallToolResult {
  return { content: [{ type: 'text', text: words }] };
}

function problem(words: string): CallToolResult {
  return { ...text(words), isError: true };
}
