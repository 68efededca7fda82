import { loaderOf } from '../protocol/select.ts';
import { protocolOf, type TaskRecord } from '../task/record.ts';
import type { ClientContext } from '../worker/client-context.ts';

/**
 * The reason why this connection cannot drive the record: another server, account, revision or protocol; else
 * undefined.
 */
export function whyForeign(
  record: TaskRecord,
  { connection, dialect, dialectFor }: Pick<ClientContext, 'connection' | 'dialect' | 'dialectFor'>,
): string | undefined {
  const { identity, negotiated } = connection;
  const { id, server, revision } = record;
  const { fingerprint, label, account } = identity;
  if (server.fingerprint !== fingerprint) return `Task ${id} belongs to ${server.label}, not to ${label}`;
  if (server.account !== account) return `Task ${id} belongs to another account at ${label}`;
  const own = dialectFor(record);
  // Its dialect is loaded with the first task that is followed.
  if (own === undefined && loaderOf(protocolOf(record)) !== undefined) return undefined;
  if (own === undefined) return `Task ${id} speaks ${protocolOf(record)}, a protocol that this version does not know`;
  if (own === dialect || own.protocol !== dialect.protocol) return undefined;
  return `Task ${id} was made under ${revision}; ${label} now speaks ${negotiated.revision}`;
}
