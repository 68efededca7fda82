import type { Db } from './store.ts';
import { COLUMNS, type DemoTask, formatRow, isTerminal, parseRow } from './task-row.ts';

type Row = Record<string, unknown>;

const NAMES = COLUMNS.split(', ');
const UPSERT = `INSERT INTO tasks (${COLUMNS}) VALUES (${NAMES.map(() => '?').join(', ')})
ON CONFLICT (id) DO UPDATE SET ${NAMES.map((name) => `${name} = excluded.${name}`).join(', ')}`;

/** A store may hold tasks of tools that this process does not offer: it leaves them alone. */
const RUNNABLE = 'due_at IS NOT NULL AND tool IN (SELECT value FROM json_each(?))';

/** The tasks of a store, as rows. Each saved change gets a new, higher `seq`. */
export class TaskTable {
  readonly #db: Db;
  readonly #tools: string;

  constructor(db: Db, tools: readonly string[]) {
    this.#db = db;
    this.#tools = JSON.stringify(tools);
  }

  find(id: string): DemoTask | undefined {
    return this.#tasks('id = ?', id)[0];
  }

  ofPage(page: string): DemoTask | undefined {
    return this.#tasks('page = ?', page)[0];
  }

  /** The tasks of one session, oldest first, after `cursor`. */
  list(owner: string, cursor: number, limit: number): readonly (DemoTask & { readonly rowid: number })[] {
    const rows = this.#db
      .prepare(`SELECT rowid, ${COLUMNS} FROM tasks WHERE owner = ? AND rowid > ? ORDER BY rowid LIMIT ?`)
      .all(owner, cursor, limit) as Row[];
    return rows.map((row) => ({ ...parseRow(row), rowid: row.rowid as number }));
  }

  /** Ids of due tasks, the most overdue first. */
  due(now: number): readonly string[] {
    const rows = this.#db.prepare(`SELECT id FROM tasks WHERE ${RUNNABLE} AND due_at <= ? ORDER BY due_at LIMIT 200`);
    return (rows.all(this.#tools, now) as { readonly id: string }[]).map(({ id }) => id);
  }

  nextDueAt(): number | null {
    const row = this.#db.prepare(`SELECT min(due_at) AS at FROM tasks WHERE ${RUNNABLE}`);
    return (row.get(this.#tools) as { readonly at: number | null }).at;
  }

  changedSince(seq: number): readonly DemoTask[] {
    return this.#tasks('seq > ? ORDER BY seq', seq);
  }

  lastSeq(): number {
    const row = this.#db.prepare("SELECT value FROM counters WHERE name = 'seq'").get();
    return (row as { readonly value: number }).value;
  }

  count(): { readonly all: number; readonly open: number } {
    const row = this.#db.prepare(
      `SELECT count(*) AS "all", total(status IN ('working', 'input_required')) AS open FROM tasks`,
    );
    return row.get() as { readonly all: number; readonly open: number };
  }

  /** Saves the task and adds the event to the journal. Call within a transaction. */
  save(task: DemoTask, event: string): DemoTask {
    this.#db.prepare("UPDATE counters SET value = value + 1 WHERE name = 'seq'").run();
    const saved = { ...task, seq: this.lastSeq() };
    this.#db.prepare(UPSERT).run(...formatRow(saved));
    const kind = isTerminal(saved.status) ? saved.status : event;
    this.#db.prepare('INSERT INTO events VALUES (?, ?, ?, ?)').run(saved.id, kind, saved.position, saved.updatedAt);
    return saved;
  }

  #tasks(condition: string, value: unknown): readonly DemoTask[] {
    const rows = this.#db.prepare(`SELECT ${COLUMNS} FROM tasks WHERE ${condition}`).all(value);
    return (rows as Row[]).map(parseRow);
  }
}
