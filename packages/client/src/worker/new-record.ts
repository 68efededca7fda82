import type { CallToolRequest } from '../api/call-api.ts';
import type { Clock } from '../clock.ts';
import type { Connection } from '../connect/connection.ts';
import { TaskError } from '../errors.ts';
import type { TaskStore } from '../store/task-store.ts';
import { jsonOf } from '../task/json.ts';
import { RECORD_VERSION, type TaskRecord } from '../task/record.ts';

/** Letters and digits that nobody confuses. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const ID_LENGTH = 6;
const ID_ATTEMPTS = 10;

export function createId(random: () => number, length = ID_LENGTH): string {
  return Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join('');
}

/** A record as it begins: nothing was sent yet. */
export function draftRecord(clock: Clock, { identity, negotiated }: Connection, request: CallToolRequest): TaskRecord {
  const now = clock.now();
  return {
    version: RECORD_VERSION,
    id: createId(clock.random),
    server: identity,
    revision: negotiated.revision,
    sessionId: negotiated.sessionId,
    taskId: null,
    method: 'tools/call',
    tool: request.name,
    arguments: jsonOf(request.arguments ?? {}),
    phase: 'intent',
    status: 'unknown',
    createdAt: now,
    updatedAt: now,
    observedAt: now,
    inputRequests: {},
    ledger: {},
    history: [],
    outcome: null,
  };
}

/** Short ids meet now and then; the next try is a little longer. */
export async function createRecord(store: TaskStore, clock: Clock, draft: TaskRecord): Promise<TaskRecord> {
  for (let attempt = 0; ; attempt += 1) {
    const record = attempt === 0 ? draft : { ...draft, id: createId(clock.random, ID_LENGTH + attempt) };
    try {
      await store.create(record);
      return record;
    } catch (error) {
      const isTaken = error instanceof TaskError && error.code === 'ambiguous-id';
      if (!isTaken || attempt >= ID_ATTEMPTS) throw error;
    }
  }
}
