import type { TaskDialect } from '../protocol/dialect.ts';
import { addDialects, dialectOf, loaderOf, type Spoken } from '../protocol/select.ts';
import { protocolOf } from '../task/record.ts';

/** The dialect of a record; its protocol is loaded with the first record that speaks it. */
export async function loadDialect(spoken: Spoken): Promise<TaskDialect | undefined> {
  const protocol = protocolOf(spoken);
  const load = loaderOf(protocol);
  if (load !== undefined) addDialects(protocol, (await load()).dialects);
  return dialectOf(spoken);
}
