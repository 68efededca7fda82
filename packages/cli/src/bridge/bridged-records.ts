import {
  type JsonObject,
  type Mailbox,
  type PageRequest,
  type RecordFilter,
  type RecordPage,
  TaskError,
  type TaskRecord,
  type TaskStore,
} from '@mcp-tasks/client';
import { callKey, type KeeperLine } from '@mcp-tasks/client/keeper';

/** How long a cancel waits for the server to acknowledge it. */
const CANCEL_MS = 3_000;

export interface BridgedRecordsOptions {
  readonly store: TaskStore;
  readonly mailbox: Mailbox;
  /** Of the bridged server. */
  readonly fingerprint: string;
  readonly keeper: () => Promise<KeeperLine>;
  /** Equal calls join. @default true */
  readonly join: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly now: () => number;
}

/** The records of one bridged server: calls are begun, found again, cancelled and noted as delivered here. */
export interface BridgedRecords {
  /** By our local id. */
  read(id: string): Promise<TaskRecord | undefined>;
  /** By an id or the beginning of one, where only one record of this server has it. */
  find(reference: string): Promise<TaskRecord | undefined>;
  /** Those of this server, open ones first, then the newest first. */
  list(filter: Pick<RecordFilter, 'key' | 'labels'>, page: PageRequest): Promise<RecordPage>;
  /** The newest call of this tool with these arguments; undefined where equal calls do not join. */
  same(tool: string, args: JsonObject): Promise<TaskRecord | undefined>;
  /** Calls the tool, or joins the open call that equals it. Resolves to the local id. */
  begin(tool: string, args: JsonObject): Promise<string>;
  /** Asks the server to stop. Undefined once that is saved: the keeper sends it, however slow the server is; else why not. */
  requestCancel(id: string): Promise<string | undefined>;
  /** Notes the end as delivered, once the answer that is being returned is written to the host. */
  delivered(id: string): void;
}

export function isDelivered({ deliveredAt }: TaskRecord): boolean {
  return typeof deliveredAt === 'number';
}

export function createBridgedRecords(options: BridgedRecordsOptions): BridgedRecords {
  const { store, mailbox, fingerprint, now } = options;
  /** The notes of deliveries under way. The next equal call may come before they are written, and waits for them. */
  let delivering: Promise<unknown> = Promise.resolve();
  const isOwn = ({ server }: TaskRecord): boolean => server.fingerprint === fingerprint;
  const keyOf = (tool: string, args: JsonObject): string | null => (options.join ? callKey(tool, args) : null);

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
    async same(tool, args) {
      const key = keyOf(tool, args);
      if (key === null) return undefined;
      const { records } = await list({ key }, { limit: 1 });
      return records[0];
    },
    async begin(tool, args) {
      const keeper = await options.keeper();
      const { id } = await keeper.start({
        name: tool,
        arguments: args,
        key: keyOf(tool, args),
        labels: options.labels,
      });
      return id;
    },
    async requestCancel(id) {
      try {
        await mailbox.get(id).cancel({ signal: AbortSignal.timeout(CANCEL_MS) });
        return undefined;
      } catch (error) {
        const isSaved = TaskError.is(error) && ['unreachable', 'aborted', 'closed'].includes(error.code);
        return isSaved || !(error instanceof Error) ? undefined : error.message;
      }
    },
    delivered(id) {
      const at = now();
      const written = new Promise((resolve) => setImmediate(resolve));
      const note = written.then(() =>
        store.update(id, (record) => (isDelivered(record) ? record : { ...record, deliveredAt: at })),
      );
      // Without the note the result is delivered once more, which is better than never.
      delivering = Promise.all([delivering, note.catch(() => undefined)]);
    },
  };
}
