import { TaskError } from '../errors.ts';
import { observe } from '../machine/observe.ts';
import type { Ask } from '../protocol/dialect.ts';
import type { TaskRecord } from '../task/record.ts';
import type { TaskSnapshot } from '../task/task.ts';
import type { ClientContext } from '../worker/client-context.ts';
import { createRecord, draftRecord } from '../worker/new-record.ts';
import { listAll } from '../worker/tools.ts';
import type { AdoptRequest } from './client-api.ts';
import type { FollowRequest } from './follow-request.ts';
import type { MappedJobs } from './mapped-jobs.ts';

/** Placeholder: a list of tasks does not name the tool of each. */
const UNKNOWN_TOOL = '(unknown)';

/** Tasks that the server lists and that have no record here. */
export interface Unrecorded {
  list(): Promise<readonly TaskRecord[]>;
  /** Records a task as it was last listed. */
  adopt(request: AdoptRequest): Promise<TaskRecord>;
  /** Records a job that was started elsewhere; an open record of it is reused. */
  follow(request: FollowRequest): Promise<TaskRecord>;
}

export function createUnrecorded({ connection, store, clock, dialect }: ClientContext, jobs: MappedJobs): Unrecorded {
  let seen: ReadonlyMap<string, TaskRecord> = new Map();

  function recordOf(snapshot: TaskSnapshot): TaskRecord {
    const now = clock.now();
    const known = seen.get(snapshot.taskId);
    if (known !== undefined) return observe(known, { snapshot, polled: true, now });
    // By the server's clock, which may be ahead of ours.
    const createdAt = Math.min(Date.parse(snapshot.createdAt ?? '') || now, now);
    const draft = { ...draftRecord(clock, connection, dialect, { name: UNKNOWN_TOOL }), createdAt, begunAt: createdAt };
    return observe(draft, { snapshot, polled: true, now });
  }

  function isOfServer({ server }: TaskRecord): boolean {
    return server.fingerprint === connection.identity.fingerprint;
  }

  async function listTasks(): Promise<readonly TaskSnapshot[]> {
    const { capabilities } = connection.negotiated;
    const first = dialect.list(capabilities, undefined);
    if (first === undefined) return [];
    const ask = (cursor: string | undefined): Ask => dialect.list(capabilities, cursor) ?? first;
    return listAll(connection, { ask, decode: dialect.decodeList });
  }

  async function recordsOf(taskId: string): Promise<readonly TaskRecord[]> {
    return (await store.find(taskId)).records.filter((each) => each.taskId === taskId && isOfServer(each));
  }

  async function list(): Promise<readonly TaskRecord[]> {
    const listed = [...(await listTasks()).map(recordOf), ...(await jobs.listed())];
    const recorded = new Set(
      (await store.list({ fingerprint: connection.identity.fingerprint })).records.map(taskIdOf),
    );
    const others = listed.filter((record) => !recorded.has(taskIdOf(record)));
    seen = new Map(others.map((record) => [taskIdOf(record), record]));
    return others;
  }

  return {
    list,
    async adopt({ taskId, labels }) {
      if (!seen.has(taskId)) await list();
      const record = seen.get(taskId);
      if (record === undefined) {
        throw new TaskError(
          'not-found',
          `${connection.identity.label} lists no task ${taskId}, or it is already on record`,
        );
      }
      // Another process may have recorded it since.
      const [existing] = await recordsOf(taskId);
      return (
        existing ?? createRecord({ store, clock }, labels === undefined ? record : { ...record, labels: { ...labels } })
      );
    },
    async follow(request) {
      const record = await jobs.draftOf(request);
      const open = (await recordsOf(taskIdOf(record))).find(({ phase }) => phase !== 'settled');
      return open ?? createRecord({ store, clock }, record);
    },
  };
}

function taskIdOf(record: TaskRecord): string {
  return record.taskId ?? '';
}
