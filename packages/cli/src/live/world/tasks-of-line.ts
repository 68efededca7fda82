import { type FollowedTask, type TaskClient, TaskError, type TaskRecord } from '@mcp-tasks/client';
import type { Line } from './line-to-server.ts';

export interface TasksOfLineOptions {
  readonly label: string;
  /** Another client, in the session in which a task lives (2025-11-25 over HTTP). */
  readonly openSession: (record: TaskRecord) => Promise<TaskClient>;
  readonly onTrouble: (error: unknown, recordId: string) => void;
  /** The server wants a sign-in for a task that it knew before. */
  readonly onRefused: () => void;
}

/** The tasks that are followed on a line: those that are wanted, one handle for each. */
export interface TasksOfLine {
  follow(record: TaskRecord): void;
  unfollow(id: string): void;
  /** @throws {TaskError} when the server cannot be reached now */
  handle(record: TaskRecord): Promise<FollowedTask>;
  keep(handle: FollowedTask): FollowedTask;
  /** Takes up all that are wanted: the line is open. */
  takeUp(): void;
  /** The line broke: its handles are over. */
  drop(): void;
  close(): Promise<void>;
}

export function createTasksOfLine(line: Line, options: TasksOfLineOptions): TasksOfLine {
  const wanted = new Map<string, TaskRecord>();
  const handles = new Map<string, FollowedTask>();
  const sessions = new Map<string, Promise<TaskClient>>();

  async function clientFor(record: TaskRecord): Promise<TaskClient> {
    const { sessionId } = record;
    const main = await line.ready();
    if (sessionId === undefined || sessionId === main.connection.negotiated.sessionId) return main;
    const known = sessions.get(sessionId) ?? options.openSession(record);
    sessions.set(sessionId, known);
    return known;
  }

  async function handleOf(record: TaskRecord): Promise<FollowedTask> {
    const known = handles.get(record.id);
    if (known !== undefined) return known;
    const of = await clientFor(record);
    const before = line.client;
    const handle = await of.get(record.id).follow();
    if (line.client === before) return keep(handle);
    handle.detach();
    throw new TaskError('closed', `${options.label} went away meanwhile`);
  }

  /** One handle for each task: the one that is kept ends the following when it is detached. */
  function keep(handle: FollowedTask): FollowedTask {
    const known = handles.get(handle.id);
    if (known !== undefined) {
      handle.detach();
      return known;
    }
    handles.set(handle.id, handle);
    void noticeRefusal(handle).catch(() => undefined);
    return handle;
  }

  /** By the time the server is there, the record may have been deleted, here or elsewhere: nobody misses it. */
  async function take(record: TaskRecord): Promise<void> {
    try {
      const handle = await handleOf(record);
      if (wanted.has(record.id)) return;
      handles.delete(record.id);
      handle.detach();
    } catch (error) {
      // What went away while it was taken up is taken up again with the next connection.
      const isGone = TaskError.is(error) && ['not-found', 'closed'].includes(error.code);
      if (wanted.has(record.id) && !isGone) options.onTrouble(error, record.id);
    }
  }

  /** Credentials that stop working do so for all tasks of the server. */
  async function noticeRefusal(handle: FollowedTask): Promise<void> {
    let { status } = await handle.outcome();
    while (status === 'unreachable') ({ status } = await handle.outcome());
    if (status === 'auth_required' && handles.get(handle.id) === handle) options.onRefused();
  }

  return {
    follow(record) {
      if (wanted.has(record.id)) return;
      wanted.set(record.id, record);
      if (line.client === undefined) line.start();
      else void take(record);
    },
    unfollow(id) {
      wanted.delete(id);
      handles.get(id)?.detach();
      handles.delete(id);
    },
    handle: handleOf,
    keep,
    takeUp() {
      for (const record of wanted.values()) void take(record);
    },
    drop() {
      // Those of sessions live on other clients, and are taken up anew like all.
      for (const handle of handles.values()) handle.detach();
      handles.clear();
    },
    async close() {
      const clients = await Promise.all(sessions.values());
      await Promise.all(clients.map((each) => each.close().catch(() => undefined)));
    },
  };
}
