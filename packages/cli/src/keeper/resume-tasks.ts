import { isCallLost, type TaskClient, type TaskRecord, type TaskStore } from '@mcp-tasks/client';
import type { Keeper } from '@mcp-tasks/client/keeper';
import { isOfFormerRevision } from './one-revision.ts';

/** Clients of other sessions (2025-11-25 over HTTP), in which an earlier keeper left tasks. */
export interface OtherSessions {
  close(): Promise<void>;
}

/** Follows the open tasks of a keeper that died. A task can be polled only in the session that created it. */
export async function resumeTasks(
  main: TaskClient,
  store: Pick<TaskStore, 'list'>,
  keeper: Pick<Keeper, 'resume'>,
  openSession: (record: TaskRecord) => Promise<TaskClient>,
): Promise<OtherSessions> {
  const { identity, negotiated } = main.connection;
  const sessions = new Map<string, Promise<TaskClient>>();

  async function clientFor(record: TaskRecord): Promise<TaskClient> {
    const { sessionId } = record;
    if (sessionId === undefined || sessionId === negotiated.sessionId) return main;
    const known = sessions.get(sessionId) ?? openSession(record);
    sessions.set(sessionId, known);
    return known;
  }

  // List from the store: the client omits sessions of another revision.
  const { records } = await store.list({ open: true, fingerprint: identity.fingerprint });
  const open = records.filter(
    (record) =>
      record.server.account === identity.account &&
      !isCallLost(record) &&
      !isOfFormerRevision(record, negotiated.revision),
  );
  await Promise.all(
    open
      .map(async (record) => {
        const client = await clientFor(record);
        if (client === main) await keeper.resume(record.id);
        else await client.get(record.id).follow();
      })
      .map((following) => following.catch(() => undefined)),
  );
  return {
    async close() {
      const clients = await Promise.allSettled(sessions.values());
      await Promise.all(clients.map((each) => (each.status === 'fulfilled' ? each.value.close() : undefined)));
    },
  };
}
