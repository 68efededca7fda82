import type { TaskRecord } from '../task/record.ts';
import type { ServedUnder, TaskWorkerOptions } from './task-worker-api.ts';

/** The key of the connection that a task needs: tasks with the same key share one. */
export function connectionKeyOf({ server, protocol = '', revision, sessionId = '' }: TaskRecord): string {
  const { fingerprint, account = '' } = server;
  return JSON.stringify([fingerprint, account, protocol, protocol === '' ? revision : '', sessionId]);
}

/** The revision and session of its tasks; undefined for a protocol that has one dialect for all revisions. */
export function servedUnder({ protocol, revision, sessionId }: TaskRecord): ServedUnder | undefined {
  return protocol === undefined ? { revision, sessionId } : undefined;
}

/** Opens a connection to the server of this record, and closes it. @throws {Error} if the server cannot be reached */
export async function tryServer(record: TaskRecord, connect: TaskWorkerOptions['connect']): Promise<void> {
  const connection = await connect(record.server, servedUnder(record));
  await connection.close({ keepSession: true });
}
