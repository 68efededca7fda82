import { addDialects, loaderOf } from '../protocol/select.ts';
import { protocolOf, type TaskRecord } from '../task/record.ts';

/** Makes the protocol of a record known here; most programs never meet more than one. */
export async function loadProtocol(record: Pick<TaskRecord, 'protocol'>): Promise<void> {
  const protocol = protocolOf(record);
  const load = loaderOf(protocol);
  if (load !== undefined) addDialects(protocol, (await load()).dialects);
}
