import {
  type InputResponse,
  type JsonObject,
  type Mailbox,
  openQuestions,
  type TaskRecord,
  type TaskStore,
} from '@mcp-tasks/client';
import { callKey, type KeeperLine } from '@mcp-tasks/client/keeper';
import { hasEnded } from './call-state.ts';
import { watchRecord } from './watch-record.ts';

/** An answer that comes sooner after the question was first shown was given by no person. */
const PERSON_MS = 1_000;
const CANCEL_MS = 3_000;

export interface NativeTasksOptions {
  readonly store: TaskStore;
  readonly mailbox: Mailbox;
  readonly fingerprint: string;
  readonly keeper: () => Promise<KeeperLine>;
  readonly join: boolean;
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
  delivered(record: TaskRecord): Promise<void>;
}

export function createNativeTasks(options: NativeTasksOptions): NativeTasks {
  const { store, mailbox, fingerprint, now } = options;
  /** When each question was first shown to this host, by record, key and text. */
  const shownAt = new Map<string, number>();
  const nameOf = (record: TaskRecord, key: string): string =>
    JSON.stringify([record.id, key, openQuestions(record)[key]]);

  function noteShown(record: TaskRecord): TaskRecord {
    for (const key of Object.keys(openQuestions(record))) {
      const name = nameOf(record, key);
      if (!shownAt.has(name)) shownAt.set(name, now());
    }
    return record;
  }

  async function read(id: string): Promise<TaskRecord | undefined> {
    const record = await store.read(id);
    return record?.server.fingerprint === fingerprint ? record : undefined;
  }

  async function undelivered(key: string): Promise<TaskRecord | undefined> {
    const { records } = await store.list({ fingerprint, key }, { limit: 1 });
    const [record] = records;
    return record?.outcome != null && typeof record.deliveredAt !== 'number' ? record : undefined;
  }

  return {
    async start(tool, args) {
      const key = options.join ? callKey(tool, args) : null;
      const earlier = key === null ? undefined : await undelivered(key);
      if (earlier !== undefined) return earlier;
      const keeper = await options.keeper();
      const { id } = await keeper.start({ name: tool, arguments: args, key, labels: options.labels });
      const record = await read(id);
      if (record === undefined) throw new Error(`The record of task ${id} was deleted`);
      return record;
    },
    async find(id) {
      const record = await read(id);
      return record === undefined ? undefined : noteShown(record);
    },
    async list(after, limit) {
      const { records, next } = await store.list({ fingerprint, labels: options.labels }, { limit, after });
      return { records, next };
    },
    async settled(id, signal, onChange) {
      const watched = await watchRecord(store, id, {
        isOver: (record) => hasEnded(record),
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
      const question = await mailbox.get(record.id).question(key);
      await question.answer(response);
      return 'taken';
    },
    async cancel({ id }) {
      await mailbox
        .get(id)
        .cancel({ signal: AbortSignal.timeout(CANCEL_MS) })
        .catch(() => undefined); // saved: the keeper sends it
    },
    async delivered({ id }) {
      const at = now();
      await store.update(id, (record) =>
        typeof record.deliveredAt === 'number' ? record : { ...record, deliveredAt: at },
      );
    },
  };
}
