import type { Change, TaskRecord, TaskStore } from '@mcp-tasks/client';
import type { Chaos } from './chaos.ts';
import { checkAnswers } from './check-answers.ts';
import { isExpired } from './expiry.ts';
import { firstVersion } from './first-version.ts';
import { followStore } from './follow-store.ts';
import { nextStep } from './next-step.ts';
import type { Pace } from './options.ts';
import { createStoreRetry } from './store-retry.ts';
import { createTaskIndex, type Listed } from './task-index.ts';
import { applyAnswers, type NewTask, openKeys, settleTask, stateOf, visitedPage } from './task-record.ts';
import { createTaskRuns } from './task-runs.ts';
import type { DemoTool, Questions } from './tool.ts';

const MAX_OPEN_TASKS = 1000;
const MAX_KEPT_TASKS = 10_000;

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

/** Runs the tools of the tasks in a store. One process runs each task; if it dies, another process resumes the task. */
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
  /** Records that a person agreed on a task's sign-in page. */
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
    runs.receive(record);
    for (const listener of [...listeners]) listener(record);
  }

  function drop(id: string): void {
    index.drop(id);
    runs.drop(id);
  }

  const runs = createTaskRuns({
    ...{ store, owner, tools, pace },
    storeRetry: createStoreRetry(options.onTrouble ?? (() => undefined)),
    onStep: deliver,
    async onSweep() {
      for (const id of index.expired(Date.now())) {
        await store.remove(id);
        drop(id);
      }
    },
  });

  const followed = followStore({ store, owner, index, isRunHere: runs.has, deliver, drop });
  const waitForNextStep = (record: TaskRecord): Promise<void> =>
    runs.has(record.id) ? nextStep(record, { store, onChange }) : Promise.resolve();

  function onChange(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  async function change(id: string, event: string | undefined, next: Change): Promise<TaskRecord | undefined> {
    const open: Change = (record) => {
      const isOver = record.phase === 'settled' || isExpired(record, Date.now(), graceMs);
      return isOver ? record : next(record);
    };
    const changed = await store.update(id, open);
    if (changed !== undefined) deliver(changed, event);
    return changed;
  }

  await followed.readAll();
  await runs.start();
  return {
    async create(wanted) {
      const { all, open } = index.count();
      if (open + creating >= maxOpenTasks)
        throw new TooManyTasks(`There are ${open} open tasks, and no more are accepted`);
      if (all >= MAX_KEPT_TASKS)
        throw new TooManyTasks(`There are ${all} tasks in the store, and no more are accepted`);
      creating += 1;
      try {
        const record = await firstVersion(wanted, { pace, chaos, pageBase: pageBase() });
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
        return applyAnswers(record, responses, Date.now());
      });
      if (answered?.status === 'working' && stateOf(answered).position === position) await waitForNextStep(answered);
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
      if (visited?.status === 'working') await waitForNextStep(visited);
    },
    onChange,
    async stop() {
      followed.end();
      listeners.clear();
      await runs.stop();
      await store.close();
    },
  };
}
