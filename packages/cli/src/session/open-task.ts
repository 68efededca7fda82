import { type Connection, createTaskClient, type TaskRecord } from '@mcp-tasks/client';
import { openConnection } from '../targets/open-connection.ts';
import { connectionOfRecord } from '../targets/record-connection.ts';
import type { ConnectFlags } from '../targets/resolved-target.ts';
import { targetOfRecord } from '../targets/target-of-record.ts';
import type { OpenedTask } from './opened-task.ts';
import type { Session } from './session.ts';

/** Takes up a recorded task. Nothing is sent before the task, as it stands on record, needs it. */
export async function openTask(session: Session, record: TaskRecord): Promise<OpenedTask> {
  const { context, store, owner, flags } = session;
  if (session.isShared) return (await import('./mailed-task.ts')).openMailedTask(session, record);
  let connected = false;
  const open = async (): Promise<Connection> => {
    if (record.server.target.kind === 'command') await tellOfDeadHolder(session, record.id);
    const resolved = await targetOfRecord(record, flags as ConnectFlags, context);
    const { sessionId, revision } = record;
    const same = sessionId === undefined ? {} : { sessionId, revision };
    const opened = await openConnection(resolved, context, flags, same);
    connected = true;
    return opened;
  };
  const connection = await connectionOfRecord(record, open, session.printer.line);
  const client = createTaskClient({ connection, store, owner });
  return { client, handle: await client.get(record.id).follow(), isConnected: () => connected };
}

/** We take over from a background process: when that one was killed, its server and what lived in it are gone. */
async function tellOfDeadHolder({ store, context, printer }: Session, id: string): Promise<void> {
  const { lookAfterHolders, deathOf } = await import('../keeper/look-after-keepers.ts');
  const { dead } = await lookAfterHolders(store, context, id);
  for (const holder of dead) printer.line(deathOf(holder, context.now()));
}
