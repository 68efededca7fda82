import { type Outcome, openMailbox, type TaskRecord } from '@mcp-tasks/client';
import { aborted } from '../aborted.ts';
import { noWorkerLine } from '../display/task-lines.ts';
import { closeSoon } from './close-soon.ts';
import type { Session } from './session.ts';

export interface Reading {
  readonly record: TaskRecord;
  /** Reason why the server could not be polled, or null; with a reason, `record` is the last saved one. */
  readonly condition: Outcome | null;
}

/** Polls the task once if it is open; otherwise returns its record. */
export async function readOnce(session: Session, record: TaskRecord): Promise<Reading> {
  if (record.phase !== 'open') return { record, condition: null };
  if (session.isShared) return { record: await askWorker(session, record), condition: null };
  // Import late: a settled record needs no connection code.
  const { openTask } = await import('./open-task.ts');
  const { client, handle } = await openTask(session, record, { startsKeeper: false });
  try {
    const failed = new Promise<'interrupted'>((resolve) => {
      session.context.interrupt.addEventListener('abort', () => resolve('interrupted'));
    });
    await Promise.race([handle.refresh(), failed]);
    const newest = handle.latest;
    if (newest.phase === 'settled' || newest.contact === undefined || newest.observedAt > record.observedAt)
      return { record: newest, condition: null };
    const { status } = await handle.outcome({ timeoutMs: 1 });
    const error = { code: null, message: newest.trouble ?? 'The server does not answer' };
    const halted = status === 'auth_required' || status === 'unknown';
    return { record: newest, condition: { status: halted ? status : 'unreachable', error } };
  } finally {
    await closeSoon(client, session.context);
  }
}

/** Asks the worker that holds the task in a shared store to poll its server. */
async function askWorker({ store, printer, context }: Session, { id }: TaskRecord): Promise<TaskRecord> {
  const mailbox = openMailbox(store);
  const asking = mailbox.get(id).refresh();
  const record = await Promise.race([asking, aborted(context.interrupt).then(() => mailbox.get(id).record())]);
  if (record.phase !== 'settled' && (await store.owners()).length === 0) printer.line(noWorkerLine(id));
  await mailbox.close();
  return record;
}
