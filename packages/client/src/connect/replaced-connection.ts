import type { Connection, Negotiated } from './connection.ts';

/** The reason why a connection cannot replace one that agreed on `expected`; undefined if it can. */
export function revisionProblem(found: Negotiated, expected: Negotiated | undefined): string | undefined {
  if (expected === undefined) return undefined;
  // A protocol with a name has one dialect for all its revisions.
  const isSameDialect =
    found.protocol === expected.protocol && (found.protocol !== undefined || found.revision === expected.revision);
  return isSameDialect ? undefined : `now speaks ${nameOf(found)}, no longer ${nameOf(expected)}`;
}

function nameOf({ protocol, revision }: Negotiated): string {
  return protocol === undefined ? revision : `${protocol} ${revision}`;
}

/** Closes the client's side; the session and its tasks stay at the server. */
export function closeKeepingSession(connection: Connection): void {
  void connection.close({ keepSession: true }).catch(() => undefined);
}
