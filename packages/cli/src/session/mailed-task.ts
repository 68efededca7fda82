import { type FollowedTask, openMailbox, TaskError, type TaskRecord, type TaskUpdate } from '@mcp-tasks/client';
import { noWorkerLine } from '../display/task-lines.ts';
import type { OpenedTask } from './opened-task.ts';
import type { Session } from './session.ts';

/** Delay before the waiting is explained on standard error, in ms. */
const SLOW_MS = 2_000;

/** Opens a task of a shared store: reads its record, and sends answers and cancels by mail to its worker. */
export function openMailedTask(session: Session, record: TaskRecord): OpenedTask {
  const { store, printer, person, context } = session;
  const mailbox = openMailbox(store, { person, clock: context.clock });
  const task = mailbox.get(record.id);
  let latest = record;
  const cancelWarning = context.clock.schedule(SLOW_MS, () => void warnWithoutWorker().catch(() => undefined));

  async function warnWithoutWorker(): Promise<void> {
    if (latest.phase === 'settled' || (await store.owners()).length > 0) return;
    printer.line(noWorkerLine(record.id));
  }

  async function readRecord(): Promise<TaskRecord> {
    latest = await task.record();
    return latest;
  }

  async function* updates(): AsyncGenerator<TaskUpdate> {
    for await (const update of task.updates()) {
      latest = update.record;
      yield update;
    }
  }

  function close(): Promise<void> {
    cancelWarning();
    return mailbox.close();
  }

  const handle: FollowedTask = {
    id: record.id,
    get latest() {
      return latest;
    },
    record: readRecord,
    follow: async () => handle,
    accepted: () => Promise.reject(new TaskError('unsupported', 'Calls are made by workers')),
    updates,
    async outcome(options) {
      const outcome = await task.outcome(options);
      await readRecord().catch(() => undefined); // the record may have been deleted
      return outcome;
    },
    async question(key, digest) {
      const question = await task.question(key, digest);
      const answer: typeof question.answer = async (...args) => {
        await question.answer(...args);
        await readRecord();
      };
      return { ...question, answer };
    },
    async cancel(options) {
      await task.cancel(options);
      await readRecord();
    },
    refresh: readRecord,
    detach: () => void close(),
  };
  return { client: { close }, handle, isConnected: () => false };
}
