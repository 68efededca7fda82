import { createTaskClient, type TaskClient, type TaskRecord } from '@mcp-tasks/client';
import { jobsOf } from '../../jobs/jobs-of.ts';
import type { Session } from '../../session/session.ts';
import { openConnection } from '../../targets/open-connection.ts';
import { connectionOfRecord } from '../../targets/record-connection.ts';
import type { ResolvedTarget } from '../../targets/resolved-target.ts';

export interface ServerOptions {
  readonly resolve: () => Promise<ResolvedTarget>;
  /** Look only: nothing is answered or cancelled. */
  readonly observe: boolean;
}

/** The tasks of a server, once it is connected. */
export async function openServer(session: Session, { resolve, observe }: ServerOptions): Promise<TaskClient> {
  const { context, flags, store, owner } = session;
  const resolved = await resolve();
  const jobs = await jobsOf(resolved, context);
  const connection = await openConnection(resolved, context, flags, { mayAsk: false });
  return createTaskClient({ connection, store, owner, observe, jobs });
}

/** Another connection to it, in the session in which a task lives (2025-11-25 over HTTP). */
export async function openSession(
  session: Session,
  { resolve, observe }: ServerOptions,
  record: TaskRecord,
): Promise<TaskClient> {
  const { context, flags, store, owner } = session;
  const { sessionId, revision } = record;
  const same = sessionId === undefined ? {} : { sessionId, revision };
  const connection = await connectionOfRecord(record, async () =>
    openConnection(await resolve(), context, flags, { mayAsk: false, ...same }),
  );
  return createTaskClient({ connection, store, owner, observe });
}
