import { type Connection, createTaskClient, type TaskRecord } from '@mcp-tasks/client';
import { type KeeperLine, type KeeperListeners, reachKeeper } from '@mcp-tasks/client/keeper';
import { isDemoRecord } from '../targets/demo-target.ts';
import { openConnection } from '../targets/open-connection.ts';
import { connectionOfRecord } from '../targets/record-connection.ts';
import type { ConnectFlags } from '../targets/resolved-target.ts';
import { targetOfRecord } from '../targets/target-of-record.ts';
import type { OpenedTask } from './opened-task.ts';
import { printServerLogs } from './print-server-logs.ts';
import type { Session } from './session.ts';

export interface OpenTaskOptions {
  /** Starts a keeper for a stdio server if none holds the task; the keeper outlives this process. @default true */
  readonly startsKeeper?: boolean;
}

/** Resumes a recorded task. Connects and sends only when the task's record requires it. */
export async function openTask(
  session: Session,
  record: TaskRecord,
  { startsKeeper = true }: OpenTaskOptions = {},
): Promise<OpenedTask> {
  if (session.isShared) return (await import('./mailed-task.ts')).openMailedTask(session, record);
  const isOfStdio = record.server.target.kind === 'command' && !isDemoRecord(record) && session.unsaved() === undefined;
  const kept = isOfStdio ? await openKeptTask(session, record, startsKeeper) : undefined;
  return kept ?? openOwnTask(session, record);
}

/** Opens the task over a connection of this process, which is made when the task needs it. */
async function openOwnTask(session: Session, record: TaskRecord): Promise<OpenedTask> {
  const { context, store, owner, flags } = session;
  let connected = false;
  const open = async (): Promise<Connection> => {
    const resolved = await targetOfRecord(record, flags as ConnectFlags, context);
    const { sessionId, revision } = record;
    const same = sessionId === undefined ? {} : { sessionId, revision };
    const opened = await openConnection(resolved, context, flags, same);
    connected = true;
    return opened;
  };
  const connection = await connectionOfRecord(record, open, session.printer.line);
  printServerLogs(session, connection);
  const client = createTaskClient({ connection, store, owner });
  return { client, handle: await client.get(record.id).follow(), isConnected: () => connected };
}

/**
 * Opens the task through its keeper or a new one; undefined when another process holds it or no keeper may be started.
 */
async function openKeptTask(
  session: Session,
  record: TaskRecord,
  startsKeeper: boolean,
): Promise<OpenedTask | undefined> {
  const { context, flags, store, printer } = session;
  const [{ openUnderKeeper, restartOrJoin }, { driverOf }, { readKeepers }] = await Promise.all([
    import('../keeper/open-under-keeper.ts'),
    import('../keeper/list-keepers.ts'),
    import('../keeper/keeper-file.ts'),
  ]);

  async function ownKeeper(listeners: KeeperListeners): Promise<KeeperLine | undefined> {
    const pid = await driverOf(record, store);
    const keeper = (await readKeepers(context)).find((each) => each.pid === pid);
    return keeper === undefined ? undefined : reachKeeper({ path: keeper.path, ...listeners });
  }

  async function reach(listeners: KeeperListeners): Promise<KeeperLine> {
    const own = await ownKeeper(listeners);
    if (own !== undefined) return own;
    const resolved = await targetOfRecord(record, flags as ConnectFlags, context);
    const { confirmTarget } = await import('../targets/confirm-target.ts');
    await confirmTarget(resolved, context, flags);
    return restartOrJoin(resolved, context)(listeners);
  }

  const first = await ownKeeper({});
  first?.close();
  const isElsewhere = first === undefined && (await driverOf(record, store)) !== undefined;
  if (isElsewhere || (first === undefined && !startsKeeper)) return undefined;
  const client = await openUnderKeeper(session, { identity: record.server, reach, onRestart: printer.line });
  printServerLogs(session, client.connection);
  return { client, handle: await client.get(record.id).follow(), isConnected: () => false };
}
