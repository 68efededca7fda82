import { TaskError, type TaskRecord } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import { personOptions } from './ask-in-terminal.ts';
import type { Offer } from './offer.ts';
import { firstRecords } from './record-pages.ts';
import type { Session } from './session.ts';

/** Maximum number of records in the list. */
const MOST = 1_000;

/** Lets a person pick a record that suits the command. */
export async function pickRecord(session: Session, what: Offer): Promise<TaskRecord> {
  const { store, context, flags } = session;
  const records = await firstRecords(store, what.filter ?? {}, MOST, what.offer);
  if (records.length === 0) {
    throw new CliError('not-found', what.none ?? 'No tasks on record', 'List what there is: mcp-tasks list --all');
  }
  const terminal = personOptions(context, flags);
  if (terminal === undefined) throw new CliError('usage', 'No task id given', 'mcp-tasks list shows it.');
  const { runPicker } = await import('../live/ink/run-question.ts');
  const picked = await runPicker({ ...terminal, title: what.title, records });
  const record = records.find((each) => each.id === picked);
  if (record === undefined) throw new TaskError('aborted', 'Stopped; nothing was done');
  return record;
}
