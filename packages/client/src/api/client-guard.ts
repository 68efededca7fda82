import { TaskError } from '../errors.ts';
import type { TaskRecord } from '../task/record.ts';
import type { ClientContext } from '../worker/client-context.ts';
import { refuseClosed } from './followed-tasks.ts';
import { whyForeign } from './foreign-record.ts';

/** Refuses all work of a closed client, and all records that its connection cannot drive. */
export interface ClientGuard {
  close(): void;
  /** The reason why no work can begin: the client was closed, or its connection has ended. */
  whyClosed(): string | undefined;
  /** The reason why the connection cannot drive the record. */
  whyForeign(record: TaskRecord): string | undefined;
  /** @throws {TaskError} `closed` */
  refuseClosed(what: string): void;
  /** @throws {TaskError} `server-changed` for a record that this client cannot drive */
  refuseForeign(record: TaskRecord): void;
  /** A settled task can be resumed until the client is closed. @throws {TaskError} `closed` */
  refuseResume(record: TaskRecord): void;
}

export function createClientGuard(around: ClientContext): ClientGuard {
  let isClosed = false;
  const whyClosed = (): string | undefined => (isClosed ? 'this client was closed' : around.connection.ended?.message);

  return {
    close() {
      isClosed = true;
    },
    whyClosed,
    whyForeign: (record) => whyForeign(record, around),
    refuseClosed: (what) => refuseClosed(what, whyClosed()),
    refuseForeign(record) {
      const reason = whyForeign(record, around);
      if (reason !== undefined) throw new TaskError('server-changed', reason, { hint: 'Its record is unchanged.' });
    },
    refuseResume({ id, phase }) {
      if (isClosed || phase !== 'settled') refuseClosed(`Task ${id} was not resumed`, whyClosed());
    },
  };
}
