import {
  isCallLost,
  isJsonObject,
  type JsonObject,
  type Mailbox,
  type PageRequest,
  type RecordFilter,
  type RecordPage,
  TaskError,
  type TaskRecord,
  type TaskStore,
} from '@mcp-tasks/client';
import { callKey, type KeeperLine, PeerError } from '@mcp-tasks/client/keeper';
import { aborted } from '../aborted.ts';
import { digestOfQuestion } from './person.ts';

/** Limit of the wait for the server's acknowledgement of a cancel, in ms. */
const CANCEL_MS = 3_000;
/** Limit of the wait for the end of a keeper, in ms. */
const ENDING_MS = 5_000;

export interface BridgedRecordsOptions {
  readonly store: TaskStore;
  readonly mailbox: Mailbox;
  /** Fingerprint of the bridged server. */
  readonly fingerprint: string;
  readonly keeper: () => Promise<KeeperLine>;
  /** Whether equal calls join. @default true */
  readonly join: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly now: () => number;
}

/** The records of one bridged server: begins, finds and cancels calls, and records deliveries. */
export interface BridgedRecords {
  /** By local id. */
  read(id: string): Promise<TaskRecord | undefined>;
  /** By an id or a prefix of one, when exactly one record of this server matches. */
  find(reference: string): Promise<TaskRecord | undefined>;
  /** Records of this server: open ones first, then the newest first. */
  list(filter: Pick<RecordFilter, 'key' | 'labels'>, page: PageRequest): Promise<RecordPage>;
  /** The newest call of this tool with these arguments; `undefined` when equal calls do not join. */
  findEqual(tool: string, args: JsonObject): Promise<TaskRecord | undefined>;
  /** Calls the tool, or joins the open call with equal arguments. Resolves to the local id. */
  begin(tool: string, args: JsonObject): Promise<string>;
  /**
   * Requests a cancel. Resolves to `undefined` once it is saved, since the keeper sends it later; else to the reason.
   */
  requestCancel(id: string): Promise<string | undefined>;
  /** Answers the question of this record under this key. @throws {TaskError} as a `Question` of a mailbox */
  answer(record: TaskRecord, key: string, response: JsonObject): Promise<void>;
  /** Marks the outcome as delivered, after the current reply is written to the host. */
  delivered(id: string): void;
}

export function isDelivered({ deliveredAt }: TaskRecord): boolean {
  return typeof deliveredAt === 'number';
}

/** Whether the keeper refused the call because its server restarted under another revision; such a keeper ends. */
function isOfFormerServer(error: unknown): boolean {
  const data = error instanceof PeerError ? error.error.data : undefined;
  return isJsonObject(data) && data.code === 'server-changed';
}

export function createBridgedRecords(options: BridgedRecordsOptions): BridgedRecords {
  const { store, mailbox, fingerprint, now } = options;
  /** Deliveries being recorded. The next equal call waits for them. */
  let delivering: Promise<unknown> = Promise.resolve();
  const isOwn = ({ server }: TaskRecord): boolean => server.fingerprint === fingerprint;
  const keyOf = (tool: string, args: JsonObject): string | null => (options.join ? callKey(tool, args) : null);

  /** Saves a cancel for a call without a task id; the keeper sends it once the id arrives. */
  async function saveCancel(id: string): Promise<boolean> {
    const at = now();
    const saved = await store.update(id, (record) => {
      const isCalled = record.taskId === null && record.outcome === null && !isCallLost(record);
      return isCalled ? { ...record, updatedAt: at, cancelRequestedAt: at } : record;
    });
    return saved?.taskId === null && saved.outcome === null && saved.cancelRequestedAt === at;
  }

  const list: BridgedRecords['list'] = async (filter, page) => {
    await delivering;
    return store.list({ ...filter, fingerprint }, page);
  };

  return {
    async read(id) {
      const record = await store.read(id);
      return record !== undefined && isOwn(record) ? record : undefined;
    },
    async find(reference) {
      const { records } = await store.find(reference);
      const own = records.filter(isOwn);
      return own.length === 1 ? own[0] : undefined;
    },
    list,
    async findEqual(tool, args) {
      const key = keyOf(tool, args);
      if (key === null) return undefined;
      const { records } = await list({ key }, { limit: 1 });
      return records[0];
    },
    async begin(tool, args) {
      const { labels, keeper: reach } = options;
      const request = { name: tool, arguments: args, key: keyOf(tool, args), labels };
      const keeper = await reach();
      const { id } = await keeper.start(request).catch(async (error: unknown) => {
        if (!isOfFormerServer(error)) throw error;
        // Nothing was sent: the next keeper speaks the server's new revision.
        await Promise.race([keeper.ended, aborted(AbortSignal.timeout(ENDING_MS))]);
        return (await reach()).start(request);
      });
      return id;
    },
    async requestCancel(id) {
      if (await saveCancel(id)) return undefined;
      try {
        await mailbox.get(id).cancel({ signal: AbortSignal.timeout(CANCEL_MS) });
        return undefined;
      } catch (error) {
        const isSaved = TaskError.is(error) && ['unreachable', 'aborted', 'closed'].includes(error.code);
        return isSaved || !(error instanceof Error) ? undefined : error.message;
      }
    },
    async answer(record, key, response) {
      const question = await mailbox.get(record.id).question(key, digestOfQuestion(record, key));
      await question.answer(response);
    },
    delivered(id) {
      const at = now();
      const written = new Promise((resolve) => setImmediate(resolve));
      const note = written.then(() =>
        store.update(id, (record) => (isDelivered(record) ? record : { ...record, deliveredAt: at })),
      );
      // A lost delivery mark delivers the result twice, which is better than never.
      delivering = Promise.all([delivering, note.catch(() => undefined)]);
    },
  };
}
