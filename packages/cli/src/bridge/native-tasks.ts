import { type JsonObject, type Mailbox, own, TaskError, type TaskRecord, type TaskStore } from '@mcp-tasks/client';
import { type ServedTask, type ServedTasks, ServeRefusal, servedTask } from '@mcp-tasks/client/serve';
import type { BridgedRecords } from './bridged-records.ts';
import { hasEnded, isOwed } from './call-state.ts';
import { PERSON_MS } from './person.ts';
import { watchRecord } from './watch-record.ts';

const PAGE_SIZE = 50;
/** Limit of remembered questions, the oldest forgotten first: a bridge over HTTP runs for months. */
const MAX_SHOWN = 10_000;

export interface NativeTasksOptions {
  readonly records: BridgedRecords;
  readonly store: TaskStore;
  readonly mailbox: Mailbox;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether hosts are asked, or only the terminal. */
  readonly asksHost: boolean;
  /** Accept answers at any speed, also from models. @default only a person's */
  readonly modelMayAnswer: boolean;
  readonly now: () => number;
}

/** The records of one server as tasks for a host with tasks, in any revision. */
export interface NativeTasks extends ServedTasks {
  /** Begins a call, or joins an equal one that is open or undelivered. */
  start(tool: string, args: JsonObject): Promise<ServedTask>;
  /** The record as the host's task. Remembers when each question was first shown. */
  show(record: TaskRecord): ServedTask;
}

export function createNativeTasks(options: NativeTasksOptions): NativeTasks {
  const { records, store, mailbox, labels, asksHost, modelMayAnswer, now } = options;
  /** Instant at which each question was first shown to this host, by task, key and question id. */
  const shownAt = new Map<string, number>();
  const nameOf = ({ taskId, questionIds }: ServedTask, key: string): string =>
    JSON.stringify([taskId, key, questionIds[key]]);

  function show(record: TaskRecord): ServedTask {
    const task = asksHost ? servedTask(record) : withoutQuestions(servedTask(record));
    for (const key of Object.keys(task.questionIds)) {
      const name = nameOf(task, key);
      if (!shownAt.has(name)) shownAt.set(name, now());
      const [oldest] = shownAt.keys();
      // A forgotten question counts as newly shown.
      if (shownAt.size > MAX_SHOWN && oldest !== undefined) shownAt.delete(oldest);
    }
    return task;
  }

  /** Whether a person can have given the answer: the question was shown at least PERSON_MS ago. */
  function isOfPerson(task: ServedTask, key: string, response: unknown): boolean {
    const first = shownAt.get(nameOf(task, key));
    // Sampling and roots are answered by programs, however fast.
    const { method } = own(task.inputRequests, key) ?? {};
    if (first !== undefined && method !== undefined && method !== 'elicitation/create') return true;
    if (first === undefined || (!modelMayAnswer && now() - first < PERSON_MS)) return false;
    return (response as JsonObject | null)?.action !== 'cancel';
  }

  async function sendAnswer({ taskId, questionIds }: ServedTask, key: string, response: JsonObject): Promise<void> {
    const question = await mailbox.get(taskId).question(key, questionIds[key]);
    await question.answer(response);
  }

  async function read(id: string): Promise<TaskRecord> {
    const record = await records.read(id);
    if (record === undefined) throw new Error(`The record of task ${id} was deleted`);
    return record;
  }

  return {
    show,
    async start(tool, args) {
      const same = await records.findEqual(tool, args);
      if (same !== undefined && isOwed(same)) return show(same);
      return show(await read(await records.begin(tool, args)));
    },
    async find(taskId) {
      const record = await records.read(taskId);
      return record === undefined ? undefined : show(record);
    },
    async follow(taskId, signal, onChange) {
      const watched = await watchRecord(store, taskId, {
        isOver: hasEnded,
        signal,
        onChange: (record) => onChange(show(record)),
      });
      if (watched.kind === 'over') return show(watched.record);
      signal.throwIfAborted();
      throw new ServeRefusal(-32602, `Unknown or expired task: ${taskId}`);
    },
    async answer(task, responses) {
      for (const [key, response] of Object.entries(responses)) {
        // An answer that no person gave, or without an open question, is acknowledged and discarded.
        if (!isOfPerson(task, key, response)) continue;
        await sendAnswer(task, key, response as JsonObject).catch(refuseMisfit);
      }
    },
    async cancel({ taskId }) {
      await records.requestCancel(taskId);
    },
    async list(after) {
      const { records: page, next } = await records.list({ labels }, { limit: PAGE_SIZE, after });
      return { tasks: page.map(show), next };
    },
    delivered: ({ taskId }) => records.delivered(taskId),
  };
}

/** When only the terminal is asked, the host sees `working` and a message that names the command to answer. */
function withoutQuestions(task: ServedTask): ServedTask {
  if (task.status !== 'input_required') return task;
  const statusMessage = `Waits for a person: mcp-tasks answer ${task.taskId}`;
  return { ...task, status: 'working', statusMessage, inputRequests: {}, questionIds: {} };
}

/** Error codes that the host need not correct: the question is gone, or the answer is saved for later. */
const IGNORED: ReadonlySet<string> = new Set([
  'already-settled',
  'not-found',
  'question-changed',
  'question-not-open',
  'unreachable',
]);

/** Reports an answer that does not fit its question, so that the host can answer again. */
function refuseMisfit(error: unknown): void {
  if (!TaskError.is(error)) throw error;
  if (IGNORED.has(error.code)) return;
  if (error.code !== 'answer-invalid') throw error;
  const problems = error.problems.map(({ path, message }) => ({ path, message }));
  throw new ServeRefusal(-32602, error.message, { problems });
}
