import type { CallRequest } from '../api/call-api.ts';
import type { Clock } from '../clock.ts';
import type { Connection } from '../connect/connection.ts';
import { TaskError } from '../errors.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import type { TaskStore } from '../store/task-store.ts';
import { isJsonObject, type JsonObject, jsonOf } from '../task/json.ts';
import { namedProtocol, RECORD_VERSION, type TaskRecord } from '../task/record.ts';

/** Letters and digits without lookalikes. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const ID_LENGTH = 6;
const ID_ATTEMPTS = 10;

export function createId(random: () => number, length = ID_LENGTH): string {
  return Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join('');
}

/** The arguments as JSON. @throws {TaskError} `call-invalid` for a value that JSON cannot express, such as a BigInt */
function argumentsOf({ name, arguments: given = {} }: CallRequest): JsonObject {
  if (typeof name !== 'string' || name === '') {
    throw new TaskError('call-invalid', 'A call needs the name of a tool; nothing was sent');
  }
  // Servers drop a request whose arguments are no object, and the call would wait for ever.
  if (!isJsonObject(given)) {
    throw new TaskError('call-invalid', `The arguments of ${name} must be an object; nothing was sent`);
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

/** @throws {TaskError} `call-invalid` for keys, labels or audiences that are not strings */
function namesOf(request: CallRequest): Pick<TaskRecord, 'key' | 'labels' | 'rerunOf' | 'audience'> {
  const { name, key, labels, rerunOf, audience } = request;
  const texts: readonly unknown[] = [key ?? '', rerunOf ?? '', ...Object.values(labels ?? {}), ...(audience ?? [])];
  if (!texts.every((each) => typeof each === 'string')) {
    const message = `The key, labels, audience and rerunOf of ${name} must be strings; nothing was sent`;
    throw new TaskError('call-invalid', message);
  }
  return {
    ...(key === undefined ? {} : { key }),
    ...(labels === undefined ? {} : { labels: { ...labels } }),
    ...(rerunOf === undefined ? {} : { rerunOf }),
    ...(audience === undefined ? {} : { audience: [...audience] }),
  };
}

/** The initial record of a call: nothing was sent yet. */
export function draftRecord(
  clock: Clock,
  { identity, negotiated }: Connection,
  dialect: TaskDialect,
  request: CallRequest,
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
    ...namesOf(request),
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

export interface CreateRecordOptions {
  readonly store: Pick<TaskStore, 'create'>;
  readonly clock: Clock;
  /** The owner that leases the record from its creation. @default no lease */
  readonly owner?: string;
  /** The ids of calls made here: the new id is added before the record is saved. */
  readonly calling?: Set<string>;
}

/** Saves the record under a new short id; on a collision it tries a slightly longer one. */
export async function createRecord(options: CreateRecordOptions, draft: TaskRecord): Promise<TaskRecord> {
  const { store, clock, owner, calling } = options;
  for (let attempt = 0; ; attempt += 1) {
    const record = attempt === 0 ? draft : { ...draft, id: createId(clock.random, ID_LENGTH + attempt) };
    if (calling?.has(record.id) === true && attempt < ID_ATTEMPTS) continue;
    calling?.add(record.id);
    try {
      await store.create(record, owner);
      return record;
    } catch (error) {
      calling?.delete(record.id);
      const isTaken = error instanceof TaskError && error.code === 'ambiguous-id';
      if (!isTaken || attempt >= ID_ATTEMPTS) throw error;
    }
  }
}
