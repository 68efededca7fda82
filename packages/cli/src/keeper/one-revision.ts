import { type Connection, TaskError, type TaskRecord } from '@mcp-tasks/client';
import { safeText } from '../display/safe-text.ts';

type Open = () => Promise<Connection>;

/**
 * Opens connections to one server, and calls `onChange` when it returned under another revision: the tasks of a client
 * share one dialect, so another keeper has to start. Such a connection is refused with `server-changed`.
 */
export function openUnderOneRevision(open: Open, onChange: (reason: string) => void): Open {
  let first: Connection['negotiated'] | undefined;
  return async () => {
    const opened = await open();
    const { identity, negotiated } = opened;
    const { protocol, revision } = negotiated;
    first ??= negotiated;
    // A named protocol has one dialect for all its revisions.
    if (protocol === first.protocol && (protocol !== undefined || revision === first.revision)) return opened;
    void opened.close({ keepSession: true }).catch(() => undefined);
    const reason = `it now speaks ${safeText(revision)}, no longer ${first.revision}`;
    onChange(reason);
    throw new TaskError('server-changed', `${safeText(identity.label)}: ${reason}`, { hint: 'Try again.' });
  };
}

/**
 * Whether the task was made under another dialect than the server now speaks: it cannot be polled. A task of an HTTP
 * session is polled in its session, which keeps its revision.
 */
export function isOfFormerRevision(record: TaskRecord, revision: string | undefined): boolean {
  const { protocol, sessionId } = record;
  if (revision === undefined || protocol !== undefined || sessionId !== undefined) return false;
  return hasTasksInCalls(record.revision) !== hasTasksInCalls(revision);
}

/** Revisions are dates: the second dialect begins with this one. */
function hasTasksInCalls(revision: string): boolean {
  return revision >= '2026-07-28';
}
