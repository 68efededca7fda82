import {
  type InputResponse,
  type JsonObject,
  type Mailbox,
  openQuestions,
  type TaskRecord,
  type TaskStore,
} from '@mcp-tasks/client';
import { type BridgedRecords, isDelivered } from './bridged-records.ts';
import { hasEnded } from './call-state.ts';
import { digestOfQuestion, PERSON_MS } from './person.ts';
import { watchRecord } from './watch-record.ts';

export interface NativeTasksOptions {
  readonly records: BridgedRecords;
  readonly store: TaskStore;
  readonly mailbox: Mailbox;
  readonly labels: Readonly<Record<string, string>>;
  readonly now: () => number;
}

/** Why an answer was not taken. */
export type Taken = 'taken' | 'not-open' | 'too-fast';

/** The records of one server as tasks for a host that knows tasks, whatever revision it speaks. */
export interface NativeTasks {
  /** Begins a call, or joins the same one that is open or whose end was not delivered. */
  start(tool: string, args: JsonObject): Promise<TaskRecord>;
  /** By our local id; undefined for a task of another server. Reading it notes when its questions were first shown. */
  find(id: string): Promise<TaskRecord | undefined>;
  list(
    after: string | undefined,
    limit: number,
  ): Promise<{ readonly records: readonly TaskRecord[]; readonly next?: string | undefined }>;
  /** Resolves with the record once it has ended; `onChange` hears each version. Rejects when the signal is aborted. */
  settled(id: string, signal: AbortSignal, onChange: (record: TaskRecord) => void): Promise<TaskRecord>;
  answer(record: TaskRecord, key: string, response: InputResponse): Promise<Taken>;
  cancel(record: TaskRecord): Promise<void>;
  delivered(record: TaskRecord): void;
}

export function createNativeTasks(options: NativeTasksOptions): NativeTasks {
  const { records, store, mailbox, labels, now } = options;
  /** When each question was first shown to this host, by record, key and digest. */
  const shownAt = new Map<string, number>();
  const nameOf = (record: TaskRecord, key: string): string =>
    JSON.stringify([record.id, key, digestOfQuestion(record, key)]);

  function noteShown(record: TaskRecord): TaskRecord {
    for (const key of Object.keys(openQuestions(record))) {
      const name = nameOf(record, key);
      if (!shownAt.has(name)) shownAt.set(name, now());
    }
    return record;
  }

  return {
    async start(tool, args) {
      const same = await records.same(tool, args);
      if (same !== undefined && same.outcome !== null && !isDelivered(same)) return same;
      const id = await records.begin(tool, args);
      const record = await records.read(id);
      if (record === undefined) throw new Error(`The record of task ${id} was deleted`);
      return record;
    },
    async find(id) {
      const record = await records.read(id);
      return record === undefined ? undefined : noteShown(record);
    },
    list: (after, limit) => records.list({ labels }, { limit, after }),
    async settled(id, signal, onChange) {
      const watched = await watchRecord(store, id, {
        isOver: hasEnded,
        signal,
        onChange: (record) => onChange(noteShown(record)),
      });
      if (watched.kind === 'over') return watched.record;
      signal.throwIfAborted();
      throw new Error(`The record of task ${id} was deleted`);
    },
    async answer(record, key, response) {
      const first = shownAt.get(nameOf(record, key));
      if (first === undefined) return 'not-open';
      if (now() - first < PERSON_MS) return 'too-fast';
      const question = await mailbox.get(record.id).question(key, digestOfQuestion(record, key));
      await question.answer(response);
      return 'taken';
    },
    async cancel({ id }) {
      await records.requestCancel(id);
    },
    delivered: ({ id }) => records.delivered(id),
  };
}
