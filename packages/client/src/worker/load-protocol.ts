import { addDialects, loaderOf } from '../protocol/select.ts';
import { protocolOf, type TaskRecord } from '../task/record.ts';

/** Loads the protocol of a record on demand; most programs need only one. */
export async function loadProtocol(record: Pick<TaskRecord, 'protocol'>): Promise<void> {
  const protocol = protocolOf(record);
  const load = loaderOf(protocol);
  if (load !== undefined) addDialects(protocol, (await load()).dialects);
}
