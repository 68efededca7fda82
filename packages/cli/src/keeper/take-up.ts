import { isCallLost, type TaskClient, type TaskRecord } from '@mcp-tasks/client';
import type { Keeper } from '@mcp-tasks/client/keeper';

/** Tasks of an earlier keeper in other sessions (2025-11-25 over HTTP); each session has its own client. */
export interface TakenUp {
  close(): Promise<void>;
}

/** Follows the open tasks of a keeper that died. Each task needs its own session: the server knows it in no other. */
export async function takeUp(
  main: TaskClient,
  keeper: Pick<Keeper, 'takeUp'>,
  openSession: (record: TaskRecord) => Promise<TaskClient>,
): Promise<TakenUp> {
  const sessions = new Map<string, Promise<TaskClient>>();

  async function clientFor(record: TaskRecord): Promise<TaskClient> {
    const { sessionId } = record;
    if (sessionId === undefined || sessionId === main.connection.negotiated.sessionId) return main;
    const known = sessions.get(sessionId) ?? openSession(record);
    sessions.set(sessionId, known);
    return known;
  }

  const { records } = await main.list({ open: true });
  const open = records.filter((record) => !isCallLost(record));
  await Promise.all(
    open
      .map(async (record) => {
        const client = await clientFor(record);
        if (client === main) await keeper.takeUp(record.id);
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
