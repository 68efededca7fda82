import type { Clock } from '../clock.ts';
import { ConnectionFailure } from '../connect/connection.ts';
import { type Ask, type ListedPolls as Lists, refOf, type TaskDialect } from '../protocol/dialect.ts';
import type { JsonValue } from '../task/json.ts';
import type { TaskRecord } from '../task/record.ts';
import type { TaskSnapshot } from '../task/task.ts';

/** With fewer tasks, each is polled alone. */
const LEAST = 6;
/** After a failed list each task is polled alone for this long. */
const REST_MS = 60_000;

/** The part of a task that its polls need. */
export interface PolledTask {
  readonly dialect: Pick<TaskDialect, 'listedPolls'>;
  readonly leading: boolean;
  readonly known: TaskRecord;
  /** Consecutive failures of requests about the task. */
  readonly failures: number;
  /** The server reported the state of the task. */
  observed(snapshot: TaskSnapshot, asked: readonly string[]): Promise<void> | undefined;
}

/** Polls many tasks with one list request to their server, if the protocol has such a list. */
export interface ListedPolls {
  /** Call this when the task gains or loses its lease here. */
  sort(task: PolledTask): void;
  /**
   * The state of the task in its list, which is requested once for the whole group. Undefined: poll the task alone.
   * Never throws.
   */
  read(task: PolledTask, send: (ask: Ask) => Promise<JsonValue>): Promise<TaskSnapshot | undefined> | undefined;
}

/** Tasks of the same list. */
interface Group {
  readonly key: string;
  readonly members: Set<PolledTask>;
  /** The list does not show these tasks as working: each is polled alone until it does. */
  readonly polledAlone: WeakSet<PolledTask>;
  reading: Reading | undefined;
  restsUntil: number;
}

interface Reading {
  /** The tasks that are due. The others get the state from the list too, which postpones their next poll. */
  readonly due: Set<PolledTask>;
  readonly found: Promise<ReadonlyMap<string, TaskSnapshot>>;
}

type Send = (ask: Ask) => Promise<JsonValue>;

export function createListedPolls(clock: Clock): ListedPolls {
  const groups = new Map<string, Group>();
  const groupOf = new WeakMap<PolledTask, Group>();

  function join(task: PolledTask, lists: Lists): void {
    const { known } = task;
    if (known.taskId === null || groupOf.has(task)) return;
    const key = lists.group(refOf(known));
    const group = groups.get(key) ?? {
      key,
      members: new Set(),
      polledAlone: new WeakSet(),
      reading: undefined,
      restsUntil: 0,
    };
    groups.set(key, group);
    group.members.add(task);
    groupOf.set(task, group);
  }

  function leave(task: PolledTask): void {
    const group = groupOf.get(task);
    if (group === undefined) return;
    groupOf.delete(task);
    group.members.delete(task);
    if (group.members.size === 0) groups.delete(group.key);
  }

  function begin(group: Group, first: PolledTask, lists: Lists, send: Send): Reading | undefined {
    const wanted = [...group.members].filter((each) => isWorking(each));
    const usual = wanted.filter((each) => !group.polledAlone.has(each));
    if (usual.length < LEAST || clock.now() < group.restsUntil) return undefined;
    const due = new Set<PolledTask>();
    const found = readAll(lists, { first, wanted, usual: usual.length }, send)
      .then((all) => {
        for (const each of wanted) deliver(group, each, all.get(each.known.taskId ?? ''), due);
        return all;
      })
      .catch((error: unknown) => {
        const isAborted = error instanceof ConnectionFailure && error.failure.kind === 'aborted';
        if (!isAborted) group.restsUntil = clock.now() + REST_MS;
        return new Map<string, TaskSnapshot>();
      })
      .finally(() => {
        group.reading = undefined;
      });
    return { due, found };
  }

  return {
    sort(task) {
      const lists = task.dialect.listedPolls;
      if (lists === undefined) return;
      if (task.leading) join(task, lists);
      else leave(task);
    },
    read(task, send) {
      const lists = task.dialect.listedPolls;
      if (lists === undefined) return undefined;
      join(task, lists);
      const group = groupOf.get(task);
      if (group === undefined || group.polledAlone.has(task) || !isWorking(task)) return undefined;
      group.reading ??= begin(group, task, lists, send);
      group.reading?.due.add(task);
      return group.reading?.found.then((found) => found.get(task.known.taskId ?? ''));
    },
  };
}

/** The task is working, without questions or failures. */
function isWorking({ leading, known, failures }: PolledTask): boolean {
  return leading && known.phase === 'open' && known.status === 'working' && failures === 0;
}

function deliver(
  group: Group,
  task: PolledTask,
  snapshot: TaskSnapshot | undefined,
  due: ReadonlySet<PolledTask>,
): void {
  if (snapshot === undefined) return void group.polledAlone.add(task);
  group.polledAlone.delete(task);
  if (!due.has(task) && isWorking(task)) void task.observed(snapshot, []);
}

interface Wanted {
  readonly first: PolledTask;
  readonly wanted: readonly PolledTask[];
  /** How many tasks the list should contain. */
  readonly usual: number;
}

/** Reads pages until polling the missing tasks alone costs less than another page. */
async function readAll(lists: Lists, { first, wanted, usual }: Wanted, send: Send): Promise<Map<string, TaskSnapshot>> {
  const found = new Map<string, TaskSnapshot>();
  const others = new Set<string>();
  const tasks = [refOf(first.known), ...wanted.map(({ known }) => refOf(known))];
  let cursor: string | undefined;
  for (let page = 0; page < usual; page += 1) {
    const decoded = lists.decode(await send(lists.ask(refOf(first.known), cursor)), tasks);
    if (decoded.kind === 'invalid') throw new Error(decoded.problem);
    for (const snapshot of decoded.value.items) found.set(snapshot.taskId, snapshot);
    for (const taskId of decoded.value.others) others.add(taskId);
    cursor = decoded.value.next;
    if (cursor === undefined || usual - found.size < LEAST) break;
  }
  for (const taskId of others) found.delete(taskId);
  return found;
}
