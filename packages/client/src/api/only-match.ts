import { TaskError } from '../errors.ts';
import type { TaskRecord } from '../task/record.ts';

const SHOWN = 5;

/** The record that a reference identifies. @throws {TaskError} `not-found`, `ambiguous-id` */
export function onlyMatch(found: readonly TaskRecord[], reference: string): TaskRecord {
  const [record, ...others] = found;
  if (record === undefined) {
    throw new TaskError('not-found', `No task "${reference}" on record`, { hint: 'List the records to find it.' });
  }
  if (others.length === 0) return record;
  const ids = found.slice(0, SHOWN).map(({ id }) => id);
  throw new TaskError('ambiguous-id', `${reference} fits ${found.length} tasks`, {
    hint: `It could be ${ids.join(', ')}`,
  });
}
