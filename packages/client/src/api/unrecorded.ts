import { TaskError } from '../errors.ts';
import { observe } from '../machine/observe.ts';
import { isJsonObject } from '../task/json.ts';
import type { TaskRecord } from '../task/record.ts';
import type { TaskSnapshot } from '../task/task.ts';
import type { Surroundings } from '../worker/client-context.ts';
import { createRecord, draftRecord } from '../worker/new-record.ts';
import { listAll } from '../worker/tools.ts';

/** The server does not tell which tool made a task that somebody else called. */
const UNTOLD = '(unknown)';

/** Tasks that the server lists and nobody here has on record. */
export interface Unrecorded {
  list(): Promise<readonly TaskRecord[]>;
  /** Puts one on record, as it was last seen. */
  adopt(taskId: string): Promise<TaskRecord>;
}

export function createUnrecorded({ connection, store, clock, dialect }: Surroundings): Unrecorded {
  let seen: ReadonlyMap<string, TaskRecord> = new Map();

  function recordOf(snapshot: TaskSnapshot): TaskRecord {
    const now = clock.now();
    const known = seen.get(snapshot.taskId);
    if (known !== undefined) return observe(known, { snapshot, polled: true, now });
    // By the server's clock, which may be ahead of ours.
    const createdAt = Math.min(Date.parse(snapshot.createdAt ?? '') || now, now);
    const draft = { ...draftRecord(clock, connection, { name: UNTOLD }), createdAt, begunAt: createdAt };
    return observe(draft, { snapshot, polled: true, now });
  }

  function isOfServer({ server }: TaskRecord): boolean {
    return server.fingerprint === connection.identity.fingerprint;
  }

  return {
    async list() {
      if (!dialect.canList(connection.negotiated.capabilities)) return [];
      const listed = (await listAll(connection, 'tasks/list', 'tasks')).filter(isJsonObject).flatMap((raw) => {
        const decoded = dialect.decodeTask(raw);
        return decoded.kind === 'value' ? [decoded.value] : [];
      });
      const recorded = new Set((await store.list({ fingerprint: connection.identity.fingerprint })).map(taskIdOf));
      const others = listed.filter(({ taskId }) => !recorded.has(taskId)).map(recordOf);
      seen = new Map(others.map((record) => [taskIdOf(record), record]));
      return others;
    },
    async adopt(taskId) {
      const record = seen.get(taskId);
      if (record === undefined) {
        throw new TaskError('not-found', `${connection.identity.label} lists no task ${taskId} that is not on record`);
      }
      // Somebody else may have been quicker, since.
      const [taken] = (await store.find(taskId)).filter((each) => each.taskId === taskId && isOfServer(each));
      return taken ?? createRecord(store, clock, record);
    },
  };
}

function taskIdOf(record: TaskRecord): string {
  return record.taskId ?? '';
}
