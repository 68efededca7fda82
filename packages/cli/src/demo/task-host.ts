import type { Change, TaskRecord, TaskStore } from '@mcp-tasks/client';
import type { Chaos } from './chaos.ts';
import { checkAnswers } from './check-answers.ts';
import { isExpired } from './expiry.ts';
import type { Pace } from './options.ts';
import { firstStepOf } from './run-tool.ts';
import { createStoreTrouble } from './store-trouble.ts';
import { createTaskIndex, type Listed } from './task-index.ts';
import {
  enterStep,
  type NewTask,
  newRecord,
  openKeys,
  settleTask,
  stateOf,
  takeAnswers,
  visitedPage,
} from './task-record.ts';
import { createTaskRuns } from './task-runs.ts';
import type { DemoTool, Questions } from './tool.ts';

const MAX_OPEN_TASKS = 1000;
const MAX_KEPT_TASKS = 10_000;
/** Limit of the wait for the step that follows an answer, in ms. */
const NEXT_STEP_MS = 1000;

export interface TaskHostOptions {
  readonly store: TaskStore;
  readonly tools: ReadonlyMap<string, DemoTool>;
  readonly pace: Pace;
  readonly chaos: Chaos;
  /** Limit of open tasks; a call beyond it is refused. @default 1000 */
  readonly maxOpenTasks?: number | undefined;
  /** Base URL of this process's sign-in pages, once it is known. */
  readonly pageBase: () => string;
  /** Called after each step is written. */
  readonly onStep: (record: TaskRecord, event: string) => void;
  /** Called when the store cannot be written and all tasks stop; called with `undefined` when it can be again. */
  readonly onTrouble?: ((trouble: string | undefined) => void) | undefined;
}

export class TooManyTasks extends Error {}

type Listener = (record: TaskRecord) => void;

/** Runs the tools of the tasks in a store. One process runs a task; when that one dies, another goes on with it. */
export interface TaskHost {
  create(wanted: NewTask): Promise<TaskRecord>;
  /** The task, unless its time to live has passed. */
  find(id: string): Promise<TaskRecord | undefined>;
  /** The tasks of one session after this number, oldest first. */
  list(session: string | undefined, after: number, limit: number): readonly Listed[];
  /**
   * Answers questions of the step at `position`: at another step the same key means another question.
   *
   * @throws {AnswersRefused} when an answer does not fit its question
   */
  answer(id: string, position: number, responses: Readonly<Record<string, unknown>>): Promise<void>;
  /** Asks the task to stop. `force` also stops a task whose tool is not cancellable. */
  cancel(id: string, force: boolean): Promise<void>;
  hasPage(page: string): boolean;
  /** A person opened the sign-in page of a task and agreed. */
  visitPage(page: string): Promise<void>;
  /** Reports every change of every task, including changes by other processes on this store. */
  onChange(listener: Listener): () => void;
  stop(): Promise<void>;
}

export async function createTaskHost(options: TaskHostOptions): Promise<TaskHost> {
  const { store, tools, pace, chaos, pageBase, onStep, maxOpenTasks = MAX_OPEN_TASKS } = options;
  const graceMs = 10 * pace.pollIntervalMs(1000);
  const index = createTaskIndex(graceMs);
  const listeners = new Set<Listener>();
  const owner = store.newOwner?.() ?? 'demo';
  let creating = 0;

  function deliver(record: TaskRecord, event?: string): void {
    if (!index.put(record)) return;
    if (event !== undefined) onStep(record, event);
    runs.hear(record);
    for (const listener of [...listeners]) listener(record);
  }

  function drop(id: string): void {
    index.drop(id);
    runs.drop(id);
  }

  const runs = createTaskRuns({
    ...{ store, owner, tools, pace },
    trouble: createStoreTrouble(options.onTrouble ?? (() => undefined)),
    onStep: deliver,
    async onSweep() {
      for (const id of index.expired(Date.now())) {
        await store.remove(id);
        drop(id);
      }
    },
  });

  async function readAgain(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const record = await store.read(id);
      if (record === undefined) drop(id);
      else deliver(record);
    }
  }

  async function readAll(): Promise<void> {
    const { records } = await store.list();
    for (const record of [...records].sort((a, b) => a.createdAt - b.createdAt)) deliver(record);
    const found = new Set(records.map(({ id }) => id));
    for (const id of index.ids()) if (!found.has(id)) drop(id);
  }

  const read = (ids: readonly string[] | undefined): void =>
    void (ids === undefined ? readAll() : readAgain(ids)).catch(() => undefined);
  const unsubscribe = [
    store.onMail({ owner }, read),
    store.onMail({ all: true }, (ids) => read(ids?.filter((id) => !runs.has(id)))),
  ];

  async function change(id: string, event: string | undefined, next: Change): Promise<TaskRecord | undefined> {
    const open: Change = (record) => {
      const isOver = record.phase === 'settled' || isExpired(record, Date.now(), graceMs);
      return isOver ? record : next(record);
    };
    const changed = await store.update(id, open);
    if (changed !== undefined) deliver(changed, event);
    return changed;
  }

  /** Resolves once the task has left this step, if it runs in this process. */
  function leftStep(id: string, position: number): Promise<void> {
    if (!runs.has(id)) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        listeners.delete(hear);
        resolve();
      };
      const hear: Listener = (record) => {
        if (record.id === id && (record.phase === 'settled' || stateOf(record).position > position)) end();
      };
      const timer = setTimeout(end, NEXT_STEP_MS);
      listeners.add(hear);
      // The next step may have been written before the listener was added.
      store.read(id).then((record) => record && hear(record), end);
    });
  }

  async function firstVersion({ tool, startsWorking, ...wanted }: NewTask): Promise<TaskRecord> {
    const now = Date.now();
    const blank = newRecord({ tool, ...wanted }, now, { pace, chaos, pageBase: pageBase() });
    const { before, pageUrl } = stateOf(blank);
    const first = await firstStepOf(tool.run, { args: wanted.args, before, pageUrl });
    if (first.kind === 'step') {
      const isWork = first.step.kind !== 'ask';
      return isWork || startsWorking !== true ? enterStep(blank, first.step, 0, now, pace) : blank;
    }
    if (startsWorking === true) return blank;
    const { kind } = first;
    return settleTask(
      blank,
      kind === 'failed' ? { status: kind, error: first.error } : { status: 'completed', ...first.ending },
      now,
    );
  }

  await readAll();
  await runs.start();
  return {
    async create(wanted) {
      const { all, open } = index.count();
      if (open + creating >= maxOpenTasks)
        throw new TooManyTasks(`There are ${open} open tasks, and more are not taken`);
      if (all >= MAX_KEPT_TASKS) throw new TooManyTasks(`There are ${all} tasks in the store, and more are not taken`);
      creating += 1;
      try {
        const record = await firstVersion(wanted);
        await store.create(record, owner);
        deliver(record, record.phase === 'settled' ? record.status : 'created');
        if (record.phase !== 'settled') await runs.begin(record.id);
        return record;
      } finally {
        creating -= 1;
      }
    },
    async find(id) {
      const record = await store.read(id);
      return record === undefined || isExpired(record, Date.now(), graceMs) ? undefined : record;
    },
    list: (session, after, limit) => index.ofSession(session, after, limit),
    async answer(id, position, responses) {
      const answered = await change(id, undefined, (record) => {
        if (stateOf(record).position !== position || openKeys(record).length === 0) return record;
        checkAnswers(record.inputRequests as unknown as Questions, responses);
        return takeAnswers(record, responses, Date.now());
      });
      if (answered?.status === 'working' && stateOf(answered).position === position) await leftStep(id, position);
    },
    async cancel(id, force) {
      await change(id, 'cancelled', (record) =>
        tools.get(record.tool)?.cancellable === false && !force
          ? record
          : settleTask(record, { status: 'cancelled' }, Date.now()),
      );
    },
    hasPage: (page) => index.ofPage(page) !== undefined,
    async visitPage(page) {
      const id = index.ofPage(page);
      if (id === undefined) return;
      const visited = await change(id, undefined, (record) =>
        stateOf(record).pageVisited ? record : visitedPage(record, Date.now()),
      );
      if (visited?.status === 'working') await leftStep(id, stateOf(visited).position);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      for (const end of unsubscribe) end();
      listeners.clear();
      await runs.stop();
      await store.close();
    },
  };
}
