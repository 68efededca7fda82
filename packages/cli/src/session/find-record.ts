import type { TaskRecord, TaskStore } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import { personTerminal } from '../context.ts';
import { nearest } from '../did-you-mean.ts';
import type { Offer } from './offer.ts';
import { firstRecords } from './record-pages.ts';
import type { Session } from './session.ts';

/** Finds the record by local id, task id, or an unambiguous prefix of either. */
export async function findRecord(store: TaskStore, reference: string): Promise<TaskRecord> {
  // Refuse an empty prefix, which matches every id: a script with an empty variable would cancel the only task.
  if (reference === '') throw new CliError('usage', 'The task id is empty', 'mcp-tasks list shows what there is.');
  const { records: found, skipped } = await store.find(reference);
  const [record] = found;
  const [unreadable] = skipped;
  if (record === undefined && unreadable !== undefined) await store.read(unreadable.id); // throws with the reason
  if (record === undefined) throw await unknownId(store, reference);
  if (found.length === 1) return record;
  const few = found.slice(0, 5).map((each) => `${each.id} (${each.tool})`);
  const more = found.length > 5 ? ' and others' : '';
  throw new CliError(
    'ambiguous-id',
    `${reference} fits ${found.length} tasks`,
    `It could be ${few.join(', ')}${more}.`,
  );
}

async function unknownId(store: TaskStore, reference: string): Promise<CliError> {
  const records = await firstRecords(store, {}, 1_000);
  const near = nearest(
    reference,
    records.map((record) => record.id),
  );
  const hint = near === undefined ? 'List what there is: mcp-tasks list --all' : `Did you mean ${near}?`;
  return new CliError('not-found', `No task ${reference} on record`, hint);
}

/** Returns the records named on the command line; without an id a person picks one, and a script gets an error. */
export async function chooseRecords(
  session: Session,
  references: readonly string[],
  what: Offer,
): Promise<readonly TaskRecord[]> {
  const { store, context, flags } = session;
  if (references.length > 0) return Promise.all(references.map((reference) => findRecord(store, reference)));
  const terminal = flags.json === true ? undefined : personTerminal(context, flags);
  if (terminal === undefined) {
    throw new CliError('usage', 'No task id given', 'Without a terminal the id is needed; mcp-tasks list shows it.');
  }
  const { pickRecord } = await import('./pick-record.ts');
  return [await pickRecord(session, what)];
}
