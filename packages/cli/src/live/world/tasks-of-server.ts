import { type FollowedTask, type TaskClient, TaskError, type TaskRecord } from '@mcp-tasks/client';
import type { ServerLink } from './server-link.ts';

export interface TasksOfServerOptions {
  /** Another client, in the session in which a task lives (2025-11-25 over HTTP). */
  readonly openSession: (record: TaskRecord) => Promise<TaskClient>;
  readonly onTrouble: (error: unknown, recordId: string) => void;
  /** The server wants a sign-in for a task that it knew before. */
  readonly onRefused: () => void;
}

/** The tasks that are followed at a server: those that are wanted, one handle for each, over as many connections as it takes. */
export interface TasksOfServer {
  follow(record: TaskRecord): void;
  unfollow(id: string): void;
  /** As this process knows it; undefined where it follows no such task. */
  latest(id: string): TaskRecord | undefined;
  /** @throws {TaskError} when the server cannot be reached now */
  handle(record: TaskRecord): Promise<FollowedTask>;
  keep(handle: FollowedTask): FollowedTask;
  /** Follows all that are wanted: the server is connected, perhaps with another sign-in. */
  takeUp(): void;
  close(): Promise<void>;
}

export function createTasksOfServer(link: ServerLink, options: TasksOfServerOptions): TasksOfServer {
  const wanted = new Map<string, TaskRecord>();
  const handles = new Map<string, FollowedTask>();
  const sessions = new Map<string, Promise<TaskClient>>();
  /** Handles whose refusal would be noticed. */
  const heard = new Set<FollowedTask>();

  async function clientFor(record: TaskRecord): Promise<TaskClient> {
    const { sessionId } = record;
    const main = await link.ready();
    if (sessionId === undefined || sessionId === main.connection.negotiated.sessionId) return main;
    const known = sessions.get(sessionId) ?? options.openSession(record);
    sessions.set(sessionId, known);
    return known;
  }

  /** A person acts on the task: a server that is away is tried at once. */
  async function handleOf(record: TaskRecord): Promise<FollowedTask> {
    const client = await clientFor(record);
    return handles.get(record.id) ?? keep(await client.get(record.id).follow());
  }

  /** One handle for each task: the one that is kept ends the following when it is detached. */
  function keep(handle: FollowedTask): FollowedTask {
    const known = handles.get(handle.id);
    if (known !== undefined) {
      handle.detach();
      return known;
    }
    handles.set(handle.id, handle);
    void noticeRefusal(handle);
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
      if (wanted.has(record.id) && !isGone && link.standing.kind === 'connected') options.onTrouble(error, record.id);
    }
  }

  /** Credentials that stop working do so for all tasks of the server. Heard once for each connection. */
  async function noticeRefusal(handle: FollowedTask): Promise<void> {
    if (heard.has(handle)) return;
    heard.add(handle);
    try {
      let { status } = await handle.outcome();
      while (status === 'unreachable') ({ status } = await handle.outcome());
      if (status === 'auth_required' && handles.get(handle.id) === handle) options.onRefused();
    } catch {
      // The record can be read no more; the feed of records tells.
    } finally {
      heard.delete(handle);
    }
  }

  return {
    follow(record) {
      if (wanted.has(record.id)) return;
      wanted.set(record.id, record);
      if (link.standing.kind === 'connected') void take(record);
      else link.start();
    },
    unfollow(id) {
      wanted.delete(id);
      handles.get(id)?.detach();
      handles.delete(id);
    },
    latest: (id) => handles.get(id)?.latest,
    handle: handleOf,
    keep,
    takeUp() {
      for (const handle of handles.values()) void noticeRefusal(handle);
      for (const record of wanted.values()) if (!handles.has(record.id)) void take(record);
      for (const session of sessions.values()) void session.then((each) => each.reconnect()).catch(() => undefined);
    },
    async close() {
      const clients = await Promise.all([...sessions.values()].map((each) => each.catch(() => undefined)));
      await Promise.all(clients.map((each) => each?.close().catch(() => undefined)));
    },
  };
}
