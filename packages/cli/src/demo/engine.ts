import { applyAnswers, enterStep, leaveStep, openTask } from './advance.ts';
import { ChangeFeed } from './change-feed.ts';
import type { Chaos } from './chaos.ts';
import { checkAnswers } from './check-answers.ts';
import { createTask, type NewTask } from './create-task.ts';
import { forgetExpired, isExpired } from './forget.ts';
import type { Pace } from './options.ts';
import type { DemoTool } from './script.ts';
import { type Db, isStoreTrouble, transact } from './store.ts';
import { type DemoTask, isAsking, isTerminal } from './task-row.ts';
import { TaskTable } from './task-table.ts';

const SWEEP_MS = 1000;
const MAX_OPEN_TASKS = 1000;
const MAX_KEPT_TASKS = 10_000;

export interface EngineOptions {
  readonly db: Db;
  readonly tools: ReadonlyMap<string, DemoTool>;
  readonly pace: Pace;
  readonly chaos: Chaos;
  /** Limit of open tasks; a call beyond it is refused. @default 1000 */
  readonly maxOpenTasks?: number | undefined;
  /** Base URL of this process's sign-in pages, once it is known. */
  readonly pageBase: () => string;
  /** Called when the store cannot be written and all tasks stop; called with `undefined` when it can be again. */
  readonly onTrouble?: ((trouble: string | undefined) => void) | undefined;
}

export class TooManyTasks extends Error {}

/**
 * Runs tasks from the store alone. Each step is one write transaction that first checks that the step is still due, so
 * that processes may die or share a store and no step happens twice.
 */
export class TaskEngine {
  readonly #options: EngineOptions;
  readonly #table: TaskTable;
  readonly #feed: ChangeFeed;
  #timer: NodeJS.Timeout | undefined;
  #forgetAt = 0;
  #trouble: string | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#table = new TaskTable(options.db, [...options.tools.keys()]);
    this.#feed = new ChangeFeed(this.#table);
  }

  create(wanted: NewTask): DemoTask {
    const { db, pace, chaos, pageBase, maxOpenTasks = MAX_OPEN_TASKS } = this.#options;
    const now = Date.now();
    const blank = createTask(wanted, now, { pace, chaos, pageBase: pageBase() });
    const task = transact(db, () => {
      const { all, open } = this.#table.count();
      if (open >= maxOpenTasks) throw new TooManyTasks(`There are ${open} open tasks, and more are not taken`);
      if (all >= MAX_KEPT_TASKS) throw new TooManyTasks(`There are ${all} tasks in the store, and more are not taken`);
      return this.#table.save(openTask(wanted, blank, now, pace), 'created');
    });
    this.#settleDown();
    return task;
  }

  /** The task, unless its time to live has passed. */
  find(id: string): DemoTask | undefined {
    const task = this.#table.find(id);
    return task === undefined || isExpired(task, Date.now(), this.#graceMs()) ? undefined : task;
  }

  /** The tasks of one session, oldest first, after `cursor`. */
  list(owner: string, cursor: number, limit: number): ReturnType<TaskTable['list']> {
    forgetExpired(this.#options.db, Date.now(), this.#graceMs());
    return this.#table.list(owner, cursor, limit);
  }

  /**
   * Answers open questions. `position` guards against a reused key: at another step the key means another question.
   *
   * @throws {AnswersRefused} when an answer does not fit its question
   */
  answer(id: string, responses: Readonly<Record<string, unknown>>, position?: number): boolean {
    return this.#change(id, 'answered', (tool, task, now) => {
      if (position !== undefined && position !== task.position) return task;
      if (isAsking(task)) checkAnswers(task.questions, responses);
      return applyAnswers(tool, task, responses, now, this.#options.pace);
    });
  }

  /** Asks the task to stop. `force` also stops a task whose tool is not cancellable. */
  cancel(id: string, force = false): boolean {
    return this.#change(id, 'cancelled', (tool, task, now) => {
      if (isTerminal(task.status) || (tool.cancellable === false && !force)) return task;
      return {
        ...task,
        status: 'cancelled',
        message: 'Cancelled on request',
        questions: {},
        dueAt: null,
        updatedAt: now,
      };
    });
  }

  /** A person opened the sign-in page of a task and agreed. */
  visitPage(page: string): void {
    const found = this.#table.ofPage(page);
    if (found === undefined) return;
    this.#change(found.id, 'page-visited', (tool, task, now) => {
      if (task.pageVisited || isTerminal(task.status)) return task;
      const visited = { ...task, pageVisited: true };
      const waiting = tool.plan(task)[task.position]?.kind === 'await-page';
      return waiting ? enterStep(tool, visited, task.position + 1, now, this.#options.pace) : visited;
    });
  }

  hasPage(page: string): boolean {
    return this.#table.ofPage(page) !== undefined;
  }

  /** Reports every change of every task, including changes by other processes on this store. */
  onChange(listener: (task: DemoTask) => void): () => void {
    return this.#feed.subscribe(listener);
  }

  start(): void {
    this.#sweep();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#feed.close();
  }

  #change(id: string, event: string, change: (tool: DemoTool, task: DemoTask, now: number) => DemoTask): boolean {
    const found = transact(this.#options.db, () => {
      const task = this.find(id);
      const tool = task && this.#options.tools.get(task.tool);
      if (task === undefined || tool === undefined) return false;
      const next = change(tool, task, Date.now());
      if (next !== task) this.#table.save(next, event);
      return true;
    });
    this.#settleDown();
    return found;
  }

  /** An unwritable store may recover; the tasks wait until then. */
  #sweep(): void {
    try {
      this.#takeDueSteps();
      this.#say(undefined);
      this.#settleDown();
    } catch (error) {
      if (!isStoreTrouble(error)) throw error;
      this.#say((error as Error).message);
      this.#sweepIn(SWEEP_MS);
    }
  }

  #say(trouble: string | undefined): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#options.onTrouble?.(trouble);
  }

  #takeDueSteps(): void {
    const { db, tools, pace } = this.#options;
    const now = Date.now();
    for (const id of this.#table.due(now)) {
      transact(db, () => {
        const task = this.#table.find(id);
        if (task === undefined || task.dueAt === null || task.dueAt > now) return; // another process was faster
        const tool = tools.get(task.tool);
        if (tool !== undefined) this.#table.save(leaveStep(tool, task, Date.now(), pace), 'stepped');
      });
    }
    if (now >= this.#forgetAt) {
      this.#forgetAt = now + SWEEP_MS;
      forgetExpired(db, now, this.#graceMs());
    }
  }

  #graceMs(): number {
    return 10 * this.#options.pace.pollIntervalMs(1000);
  }

  /** Notifies listeners and sets the timer to the next due step. */
  #settleDown(): void {
    this.#feed.deliver();
    const next = this.#table.nextDueAt();
    this.#sweepIn(next === null ? SWEEP_MS : Math.min(SWEEP_MS, Math.max(1, next - Date.now())));
  }

  #sweepIn(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#sweep(), delayMs);
    this.#timer.unref();
  }
}
