import { type Connection, type TaskClientOptions, TaskError } from '@mcp-tasks/client';
import { safeText } from '../../display/safe-text.ts';

type Connect = NonNullable<TaskClientOptions['connect']>;
type Negotiated = Connection['negotiated'];

/**
 * Connects, and rejects with `server-changed` when the server returned under another revision: a client's tasks share
 * one dialect, so another client takes over.
 */
export function underOneRevision(connect: Connect): Connect {
  let first: Negotiated | undefined;
  return async (last) => {
    const opened = await connect(last);
    const { negotiated, identity } = opened;
    first ??= negotiated;
    if (isAlike(negotiated, first)) return opened;
    void opened.close({ keepSession: true }).catch(() => undefined);
    const words = `${safeText(identity.label)} now speaks ${negotiated.revision}, no longer ${first.revision}`;
    throw new TaskError('server-changed', words);
  };
}

/** A named protocol has one dialect for all its revisions. */
function isAlike(one: Negotiated, other: Negotiated): boolean {
  return one.protocol === other.protocol && (one.protocol !== undefined || one.revision === other.revision);
}
