import type { CallToolRequest } from '../api/call-api.ts';
import type { Clock } from '../clock.ts';
import type { Connection } from '../connect/connection.ts';
import { TaskError } from '../errors.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import type { TaskStore } from '../store/task-store.ts';
import { type JsonObject, jsonOf } from '../task/json.ts';
import { namedProtocol, RECORD_VERSION, type TaskRecord } from '../task/record.ts';

/** Letters and digits that cannot be confused. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const ID_LENGTH = 6;
const ID_ATTEMPTS = 10;

export function createId(random: () => number, length = ID_LENGTH): string {
  return Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join('');
}

/** What JSON makes of the arguments. @throws {TaskError} `call-invalid` for what it has no form for, such as a BigInt */
function argumentsOf({ name, arguments: given = {} }: CallToolRequest): JsonObject {
  if (typeof name !== 'string' || name === '') {
    throw new TaskError('call-invalid', 'A call needs the name of a tool; nothing was sent');
  }
  try {
    return jsonOf(given);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    const message = `The arguments of ${name} cannot be written as JSON: ${reason}; nothing was sent`;
    throw new TaskError('call-invalid', message, {
      cause,
      hint: 'Pass plain values: strings, finite numbers, arrays, objects.',
    });
  }
}

/** A record as it begins: nothing was sent yet. */
export function draftRecord(
  clock: Clock,
  { identity, negotiated }: Connection,
  dialect: TaskDialect,
  request: CallToolRequest,
): TaskRecord {
  const now = clock.now();
  const id = createId(clock.random);
  const args = argumentsOf(request);
  const { method } = dialect.call({ id, name: request.name, arguments: args, asTask: false });
  return {
    version: RECORD_VERSION,
    id,
    server: identity,
    protocol: namedProtocol(dialect.protocol),
    revision: negotiated.revision,
    sessionId: negotiated.sessionId,
    taskId: null,
    method,
    tool: request.name,
    arguments: args,
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
