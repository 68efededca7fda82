import { addDialects, dialectOf, loaderOf } from '../protocol/select.ts';
import { protocolOf, type TaskRecord } from '../task/record.ts';
import type { Dialect } from './connection.ts';

/**
 * Loads the dialect of a record, so that a relay has it before a connection is open.
 * Undefined for a protocol that this version does not know.
 */
export async function loadDialect(
  record: Pick<TaskRecord, 'protocol' | 'revision' | 'mapping'>,
): Promise<Dialect | undefined> {
  const protocol = protocolOf(record);
  const load = loaderOf(protocol);
  if (load !== undefined) addDialects(protocol, (await load()).dialects);
  return dialectOf(record);
}
