import { type FollowedTask, type MailboxTask, openMailbox, TaskError, type TaskRecord } from '@mcp-tasks/client';
import { namesForRerun } from '../../session/rerun-names.ts';
import type { Session } from '../../session/session.ts';
import { settleAsRerun } from '../../session/settle-as-rerun.ts';
import type { GivenCall, LiveSession } from '../live-session.ts';
import type { WatchedRecords } from './watched-records.ts';
import type { WatchedServers } from './watched-servers.ts';

export interface LiveActionsOptions {
  readonly servers: WatchedServers;
  readonly records: WatchedRecords;
  readonly readOnly: boolean;
}

/** A person's actions on tasks. Each is rejected in a read-only view. */
export interface LiveActions extends Pick<LiveSession, 'adopt' | 'answer' | 'cancel' | 'forget'> {
  /** Resolves to the record's id once the call is recorded. */
  call(given: GivenCall): Promise<string>;
  close(): Promise<void>;
}

export function createLiveActions(
  { context, store, owner, person }: Session,
  options: LiveActionsOptions,
): LiveActions {
  const { servers, records, readOnly } = options;

  const mailbox = openMailbox(store);

  /** If the server is not connected here and another process holds the lease, requests go through the mailbox. */
  async function taskOf(record: TaskRecord): Promise<MailboxTask | FollowedTask> {
    const isAway = servers.find(record)?.state.state !== 'connected';
    const driver = record.server.target.kind === 'command' && isAway ? await store.ownerOf(record.id) : undefined;
    if (driver !== undefined && driver !== owner) return mailbox.get(record.id);
    return servers.of(record).handle(record);
  }

  function refuseReadOnly(): void {
    if (readOnly) throw new TaskError('unsupported', 'This view is read-only (--read-only)');
  }

  /** Returns the task's record; adopts another caller's task first. */
  async function recordOf(id: string): Promise<TaskRecord> {
    const [found] = [...servers.others].flatMap(([fingerprint, listed]) =>
      listed.filter((each) => each.id === id).map(({ taskId }) => ({ fingerprint, taskId })),
    );
    if (records.all.has(id) || found === undefined || found.taskId === null) return records.known(id);
    const record = await store.read(await servers.named(found.fingerprint).adopt(found.taskId));
    if (record === undefined) throw new TaskError('not-found', `No task ${id} on record`);
    return record;
  }

  return {
    async adopt(id) {
      refuseReadOnly();
      await recordOf(id);
    },
    async answer({ id, key, digest, response, again = false }) {
      refuseReadOnly();
      const record = records.known(id);
      const question = await (await taskOf(record)).question(key, digest);
      await question.answer(response, { signal: context.interrupt, again, as: person });
    },
    async cancel(id) {
      refuseReadOnly();
      const record = await recordOf(id);
      await (await taskOf(record)).cancel({ signal: context.interrupt });
    },
    async forget(id) {
      refuseReadOnly();
      const taskId = records.all.get(id)?.taskId;
      if (taskId != null) servers.forget(taskId);
      await store.remove(id);
    },
    async call({ fingerprint, tool, args, rerunOf }) {
      refuseReadOnly();
      const id = await servers
        .named(fingerprint)
        .call(tool, args, namesForRerun(rerunOf === undefined ? undefined : records.known(rerunOf)));
      await settleAsRerun(store, rerunOf, id, context.now());
      return id;
    },
    close: () => mailbox.close(),
  };
}
