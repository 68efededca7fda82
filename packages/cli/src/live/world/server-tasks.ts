import { type FollowedTask, type TaskClient, TaskError, type TaskRecord } from '@mcp-tasks/client';
import type { ServerLink } from './server-link.ts';

export interface ServerTasksOptions {
  /** Opens a second client, in the session that holds a task (2025-11-25 over HTTP). */
  readonly openSession: (record: TaskRecord) => Promise<TaskClient>;
  readonly onTrouble: (error: unknown, recordId: string) => void;
  /** Called when the server requires a new sign-in for a known task. */
  readonly onRefused: () => void;
}

/** Tasks followed at a server, with one handle each, across reconnects. */
export interface ServerTasks {
  follow(record: TaskRecord): void;
  unfollow(id: string): void;
  /** Record as this process knows it; undefined for a task not followed here. */
  latest(id: string): TaskRecord | undefined;
  /** @throws {TaskError} when the server is unreachable */
  handle(record: TaskRecord): Promise<FollowedTask>;
  keepHandle(handle: FollowedTask): FollowedTask;
  /** Follows all wanted tasks after a connect or a new sign-in. */
  followAll(): void;
  /** Forgets the handles of a closed client; the next connection follows their tasks again. */
  forgetHandles(): void;
  close(): Promise<void>;
}

export function createServerTasks(link: ServerLink, options: ServerTasksOptions): ServerTasks {
  const wanted = new Map<string, TaskRecord>();
  const handles = new Map<string, FollowedTask>();
  const sessions = new Map<string, Promise<TaskClient>>();
  /** Handles with a listener for refusals. */
  const watchedHandles = new Set<FollowedTask>();

  async function clientFor(record: TaskRecord): Promise<TaskClient> {
    const { sessionId } = record;
    const main = await link.ready();
    if (sessionId === undefined || sessionId === main.connection.negotiated.sessionId) return main;
    const known = sessions.get(sessionId) ?? options.openSession(record);
    sessions.set(sessionId, known);
    return known;
  }

  /** Retries an unreachable server at once, because a person acts on the task. */
  async function handleOf(record: TaskRecord): Promise<FollowedTask> {
    const client = await clientFor(record);
    return handles.get(record.id) ?? keepHandle(await client.get(record.id).follow());
  }

  /** Keeps one handle per task; detaching it stops the following. */
  function keepHandle(handle: FollowedTask): FollowedTask {
    const known = handles.get(handle.id);
    if (known !== undefined) {
      handle.detach();
      return known;
    }
    handles.set(handle.id, handle);
    void watchForRefusal(handle);
    return handle;
  }

  /** A record deleted before the connect is no error: there is nothing to follow. */
  async function resumeTask(record: TaskRecord): Promise<void> {
    try {
      const handle = await handleOf(record);
      if (wanted.has(record.id)) return;
      handles.delete(record.id);
      handle.detach();
    } catch (error) {
      // If the connection is lost during the resume, the next connection resumes the task.
      const isGone = TaskError.is(error) && ['not-found', 'closed'].includes(error.code);
      if (wanted.has(record.id) && !isGone && link.state.kind === 'connected') options.onTrouble(error, record.id);
    }
  }

  /** Expired credentials affect all tasks of the server. Reports a refusal once per connection. */
  async function watchForRefusal(handle: FollowedTask): Promise<void> {
    if (watchedHandles.has(handle)) return;
    watchedHandles.add(handle);
    try {
      let { status } = await handle.outcome();
      while (status === 'unreachable') ({ status } = await handle.outcome());
      if (status === 'auth_required' && handles.get(handle.id) === handle) options.onRefused();
    } catch {
      // The record can no longer be read; the record feed reports that.
    } finally {
      watchedHandles.delete(handle);
    }
  }

  return {
    follow(record) {
      if (wanted.has(record.id)) return;
      wanted.set(record.id, record);
      if (link.state.kind === 'connected') void resumeTask(record);
      else link.start();
    },
    unfollow(id) {
      wanted.delete(id);
      handles.get(id)?.detach();
      handles.delete(id);
    },
    latest: (id) => handles.get(id)?.latest,
    handle: handleOf,
    keepHandle,
    followAll() {
      for (const handle of handles.values()) void watchForRefusal(handle);
      for (const record of wanted.values()) if (!handles.has(record.id)) void resumeTask(record);
      for (const session of sessions.values()) void session.then((each) => each.reconnect()).catch(() => undefined);
    },
    forgetHandles: () => handles.clear(),
    async close() {
      const clients = await Promise.all([...sessions.values()].map((each) => each.catch(() => undefined)));
      await Promise.all(clients.map((each) => each?.close().catch(() => undefined)));
    },
  };
}
