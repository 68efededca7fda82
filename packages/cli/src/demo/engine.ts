import { randomBytes } from 'node:crypto';
import { applyAnswers, enterStep, leaveStep } from './advance.ts';
import type { Chaos } from './chaos.ts';
import type { Pace } from './options.ts';
import type { Answers, DemoTool, JsonObject } from './script.ts';
import { type Db, transact } from './store.ts';
import { COLUMNS, type DemoTask, formatRow, isTerminal, parseRow } from './task-row.ts';

const HOUR_MS = 3_600_000;
const SWEEP_MS = 1000;
const MAX_OPEN_TASKS = 1000;
const NAMES = COLUMNS.split(', ');
const UPSERT = `INSERT INTO tasks (${COLUMNS}) VALUES (${NAMES.map(() => '?').join(', ')})
ON CONFLICT (id) DO UPDATE SET ${NAMES.map((name) => `${name} = excluded.${name}`).join(', ')}`;

export interface EngineOptions {
  readonly db: Db;
  readonly tools: ReadonlyMap<string, DemoTool>;
  readonly pace: Pace;
  readonly chaos: Chaos;
  /** Where the pages of this process are, once it knows. */
  readonly pageBase: () => string;
}

export interface NewTask {
  readonly tool: DemoTool;
  readonly args: JsonObject;
  readonly before?: Answers;
  readonly owner?: string;
  readonly ttlMs?: number;
}

export class TooManyTasks extends Error {}

/**
 * Runs tasks from the store alone. Every step is taken in one write transaction that first looks whether
 * it is still to be taken, so that processes may die or share a store and no step happens twice.
 */
export class TaskEngine {
  readonly #options: EngineOptions;
  readonly #listeners = new Set<(task: DemoTask) => void>();
  #timer: NodeJS.Timeout | undefined;
  #seenSeq: number;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#seenSeq = this.#currentSeq();
  }

  create({ tool, args, before = {}, owner, ttlMs }: NewTask): DemoTask {
    const { db, pace, chaos } = this.#options;
    const now = Date.now();
    const odd = tool.oddities?.(args) ?? {};
    const page = randomBytes(18).toString('base64url');
    const blank: DemoTask = {
      id: randomBytes(18).toString('base64url'),
      seq: 0,
      owner: owner ?? null,
      tool: tool.name,
      args,
      before,
      page,
      pageUrl: `${this.#options.pageBase()}${page}`,
      pageVisited: false,
      position: 0,
      dueAt: null,
      status: 'working',
      message: '',
      createdAt: now,
      updatedAt: now,
      ttlMs: chaos.expireAfterMs ?? (odd.ttlMs === undefined ? (ttlMs ?? tool.ttlMs ?? HOUR_MS) : odd.ttlMs),
      pollHint: odd.pollHint ?? chaos.pollHint ?? pace.pollIntervalMs(tool.pollIntervalMs ?? 1000),
      slowAckMs: odd.slowAcknowledgeMs ?? chaos.slowAcknowledgeMs ?? 0,
      questions: {},
      answers: {},
      result: null,
      error: null,
    };
    const task = transact(db, () => {
      const open = db.prepare("SELECT count(*) AS n FROM tasks WHERE status IN ('working', 'input_required')").get();
      if ((open as { n: number }).n >= MAX_OPEN_TASKS) throw new TooManyTasks(`There are ${MAX_OPEN_TASKS} open tasks`);
      return this.#save(enterStep(tool, blank, 0, now, pace), 'created');
    });
    this.#settleDown();
    return task;
  }

  /** The task, unless its time has run out. */
  find(id: string): DemoTask | undefined {
    const row = this.#options.db.prepare(`SELECT ${COLUMNS} FROM tasks WHERE id = ?`).get(id);
    if (row === undefined) return undefined;
    const task = parseRow(row as Record<string, unknown>);
    return this.#isExpired(task, Date.now()) ? undefined : task;
  }

  /** The tasks of one session, oldest first, after `cursor`. */
  list(owner: string, cursor: number, limit: number): readonly (DemoTask & { readonly rowid: number })[] {
    const rows = this.#options.db
      .prepare(`SELECT rowid, ${COLUMNS} FROM tasks WHERE owner = ? AND rowid > ? ORDER BY rowid LIMIT ?`)
      .all(owner, cursor, limit) as Record<string, unknown>[];
    return rows.map((row) => ({ ...parseRow(row), rowid: row.rowid as number }));
  }

  answer(id: string, responses: Readonly<Record<string, unknown>>): boolean {
    return this.#change(id, 'answered', (tool, task, now) =>
      applyAnswers(tool, task, responses, now, this.#options.pace),
    );
  }

  /** Asks the task to stop. `force` stops also what would rather go on. */
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

  /** Somebody opened the page of a task and agreed. */
  visitPage(page: string): DemoTask | undefined {
    const row = this.#options.db.prepare('SELECT id FROM tasks WHERE page = ?').get(page) as { id: string } | undefined;
    if (row === undefined) return undefined;
    this.#change(row.id, 'page-visited', (tool, task, now) => {
      if (task.pageVisited || isTerminal(task.status)) return task;
      const visited = { ...task, pageVisited: true };
      const waiting = tool.plan(task)[task.position]?.kind === 'await-page';
      return waiting ? enterStep(tool, visited, task.position + 1, now, this.#options.pace) : visited;
    });
    return this.find(row.id);
  }

  hasPage(page: string): boolean {
    return this.#options.db.prepare('SELECT 1 FROM tasks WHERE page = ?').get(page) !== undefined;
  }

  /** Hears of every change of every task, also of those made by other processes on this store. */
  onChange(listener: (task: DemoTask) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.#sweep();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #change(id: string, event: string, change: (tool: DemoTool, task: DemoTask, now: number) => DemoTask): boolean {
    const found = transact(this.#options.db, () => {
      const task = this.find(id);
      const tool = task && this.#options.tools.get(task.tool);
      if (task === undefined || tool === undefined) return false;
      const next = change(tool, task, Date.now());
      if (next !== task) this.#save(next, event);
      return true;
    });
    this.#settleDown();
    return found;
  }

  #sweep(): void {
    const { db, pace } = this.#options;
    const now = Date.now();
    const due = db.prepare('SELECT id FROM tasks WHERE due_at <= ? ORDER BY due_at LIMIT 200').all(now) as {
      id: string;
    }[];
    for (const { id } of due) {
      transact(db, () => {
        const row = db.prepare(`SELECT ${COLUMNS} FROM tasks WHERE id = ? AND due_at <= ?`).get(id, now);
        if (row === undefined) return; // another process was faster
        const task = parseRow(row as Record<string, unknown>);
        const tool = this.#options.tools.get(task.tool);
        if (tool !== undefined) this.#save(leaveStep(tool, task, Date.now(), pace), 'stepped');
      });
    }
    this.#forgetExpired(now);
    this.#settleDown();
  }

  #forgetExpired(now: number): void {
    const { db, chaos } = this.#options;
    const idle = chaos.expireAfterMs === undefined ? "status <> 'working' AND" : '';
    db.prepare(
      `DELETE FROM tasks WHERE ${idle} ttl_ms IS NOT NULL AND max(created_at + ttl_ms, ${this.#grace('updated_at')}) < ?`,
    ).run(now);
  }

  /** A task that ends after its time is kept long enough to be read once. */
  #grace(instant: string): string {
    return this.#options.chaos.expireAfterMs === undefined
      ? `${instant} + 10 * ${this.#options.pace.pollIntervalMs(1000)}`
      : '0';
  }

  #isExpired(task: DemoTask, now: number): boolean {
    if (task.ttlMs === null) return false;
    const chaotic = this.#options.chaos.expireAfterMs !== undefined;
    if (task.status === 'working' && !chaotic) return false; // nothing is dropped while it runs
    const grace = isTerminal(task.status) && !chaotic && task.updatedAt > task.createdAt + task.ttlMs;
    const end = grace ? task.updatedAt + 10 * this.#options.pace.pollIntervalMs(1000) : task.createdAt + task.ttlMs;
    return now > end;
  }

  #save(task: DemoTask, event: string): DemoTask {
    const { db } = this.#options;
    db.prepare("UPDATE counters SET value = value + 1 WHERE name = 'seq'").run();
    const saved = { ...task, seq: this.#currentSeq() };
    db.prepare(UPSERT).run(...formatRow(saved));
    const kind = isTerminal(saved.status) ? saved.status : event;
    db.prepare('INSERT INTO events VALUES (?, ?, ?, ?)').run(saved.id, kind, saved.position, saved.updatedAt);
    return saved;
  }

  #currentSeq(): number {
    return (this.#options.db.prepare("SELECT value FROM counters WHERE name = 'seq'").get() as { value: number }).value;
  }

  /** Tells the listeners what is new, and sets the timer to the next step of any task. */
  #settleDown(): void {
    const { db } = this.#options;
    if (this.#listeners.size > 0) {
      const rows = db.prepare(`SELECT ${COLUMNS} FROM tasks WHERE seq > ? ORDER BY seq`).all(this.#seenSeq) as Record<
        string,
        unknown
      >[];
      for (const task of rows.map(parseRow)) {
        this.#seenSeq = task.seq;
        for (const listener of this.#listeners) listener(task);
      }
    } else {
      this.#seenSeq = this.#currentSeq();
    }
    const next = db.prepare('SELECT min(due_at) AS at FROM tasks WHERE due_at IS NOT NULL').get() as {
      at: number | null;
    };
    clearTimeout(this.#timer);
    const delay = next.at === null ? SWEEP_MS : Math.min(SWEEP_MS, Math.max(1, next.at - Date.now()));
    this.#timer = setTimeout(() => this.#sweep(), delay);
    this.#timer.unref();
  }
}
