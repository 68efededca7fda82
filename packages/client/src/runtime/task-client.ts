import { RECORD_VERSION, type TaskRecord } from '../core/record.ts';
import { TaskError } from '../errors.ts';
import { selectDialect } from '../protocol/select.ts';
import type {
  CallToolAnswer,
  CallToolOptions,
  CallToolRequest,
  TaskClient,
  TaskClientOptions,
  TaskHandle,
  ToolDescription,
} from './client-api.ts';
import { createFollower, type Follower, type Surroundings } from './follower.ts';
import { createServerGate } from './gate.ts';
import { firstCall, perform } from './perform.ts';
import { createRecordWatch } from './record-watch.ts';
import { createStreamQuestions } from './stream-questions.ts';
import { systemClock } from './system-clock.ts';
import { createTaskHandle, until } from './task-handle.ts';
import { listAll, listTools } from './tools.ts';

/** Letters and digits that nobody confuses. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';

function createId(random: () => number): string {
  return Array.from({ length: 6 }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join('');
}

/** The tasks of one connected server. Leaves the connection and the store to whoever made them, but for `close()`. */
export function createTaskClient(options: TaskClientOptions): TaskClient {
  const { connection, store, clock = systemClock } = options;
  const { identity, negotiated } = connection;
  const dialect = selectDialect(negotiated.revision);
  const around: Surroundings = {
    connection,
    store,
    clock,
    dialect,
    owner: options.owner ?? `host:0:${createId(clock.random)}${createId(clock.random)}`,
    gate: createServerGate(),
    questions: createStreamQuestions(connection),
    minPollIntervalMs: options.minPollIntervalMs ?? 0,
    maxFailures: options.maxFailures ?? 5,
    observe: options.observe ?? false,
  };
  const followers = new Map<string, Follower>();
  const watch = createRecordWatch(store, clock, followers);
  let tools: Promise<readonly ToolDescription[]> | undefined;

  const unlisten = connection.onNotification((method, params) => {
    if (method !== 'notifications/tasks' && method !== 'notifications/tasks/status') return;
    const decoded = dialect.decodeTask(params);
    if (decoded.kind === 'invalid') return;
    for (const follower of followers.values()) {
      if (follower.record.taskId !== decoded.value.taskId) continue;
      void follower.dispatch({ type: 'task-observed', snapshot: decoded.value, polled: false });
    }
  });

  async function follow(record: TaskRecord): Promise<Follower> {
    const known = followers.get(record.id);
    if (known !== undefined) return known;
    const follower = createFollower(record, around, perform);
    followers.set(record.id, follower);
    await follower.tick(clock.now());
    watch.start();
    return follower;
  }

  function handle(follower: Follower): TaskHandle {
    return createTaskHandle(follower, around, () => {
      followers.delete(follower.record.id);
      void follower.stop();
    });
  }

  async function supportOf(name: string, signal?: AbortSignal): Promise<ToolDescription['taskSupport']> {
    if (!dialect.hasTasks(negotiated.capabilities)) return 'forbidden';
    tools ??= listTools(connection, dialect, signal);
    const found = (await tools.catch(() => [])).find((tool) => tool.name === name);
    return found?.taskSupport ?? 'forbidden';
  }

  async function callTool(request: CallToolRequest, callOptions: CallToolOptions = {}): Promise<CallToolAnswer> {
    const { signal, ttlMs } = callOptions;
    const asTask = dialect.resultApart && (await supportOf(request.name, signal)) !== 'forbidden';
    if (signal?.aborted) throw new TaskError('aborted', `${request.name} was not called`);
    const now = clock.now();
    const record: TaskRecord = {
      version: RECORD_VERSION,
      id: createId(clock.random),
      server: identity,
      revision: negotiated.revision,
      sessionId: negotiated.sessionId,
      taskId: null,
      method: 'tools/call',
      tool: request.name,
      arguments: request.arguments ?? {},
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
    await store.create(record);
    const follower = await follow(record);
    callOptions.onRecorded?.(record);
    const placed = firstCall(follower, around, { asTask, ttlMs });
    await Promise.race([
      placed,
      until(follower, () => (follower.record.phase === 'intent' ? undefined : true), signal),
    ]);
    return answerOf(follower, signal);
  }

  function answerOf(follower: Follower, signal: AbortSignal | undefined): CallToolAnswer {
    const { record, lost } = follower;
    const { id, tool, outcome } = record;
    const { label } = identity;
    if (record.taskId !== null || record.phase === 'asking') return { kind: 'task', task: handle(follower) };
    if (outcome?.result !== undefined) return { kind: 'complete', id, result: outcome.result };
    if (outcome?.status === 'auth_required') {
      throw new TaskError('auth-required', `${label} wants authentication; ${tool} did not run`);
    }
    if (outcome !== null) {
      throw new TaskError('rpc-error', `${label} refused ${tool}: ${outcome.error?.message ?? outcome.status}`, {
        cause: outcome.error,
      });
    }
    if (lost === null && signal?.aborted) {
      throw new TaskError(
        'aborted',
        `Left while ${tool} was being called; the answer is recorded as ${id} if it comes`,
      );
    }
    throw new TaskError(
      'connection-lost',
      `No answer to ${tool} from ${label}: ${lost?.message ?? 'the line is gone'}`,
      {
        hint: `It may have run. Record ${id} keeps that; it is never called again by itself.`,
      },
    );
  }

  return {
    connection,
    listTools: (listOptions = {}) => listTools(connection, dialect, listOptions.signal),
    callTool,
    async resume(reference) {
      const found = await store.find(reference);
      const [record] = found;
      if (record === undefined)
        throw new TaskError('not-found', `No task ${reference} on record`, { hint: 'List what there is.' });
      if (found.length > 1) {
        const hint = `It could be ${found
          .slice(0, 5)
          .map((each) => each.id)
          .join(', ')}`;
        throw new TaskError('ambiguous-id', `${reference} fits ${found.length} tasks`, { hint });
      }
      if (record.phase !== 'settled') refuseOther(record);
      return handle(await follow(record));
    },
    listServerTasks: async () =>
      dialect.canList(negotiated.capabilities) ? listAll(connection, 'tasks/list', 'tasks') : [],
    async close() {
      unlisten();
      watch.stop();
      await Promise.all([...followers.values()].map((follower) => follower.stop()));
      followers.clear();
      await connection.close({ keepSession: true });
    },
  };

  function refuseOther(record: TaskRecord): void {
    if (record.server.fingerprint !== identity.fingerprint) {
      throw new TaskError(
        'server-changed',
        `Task ${record.id} belongs to ${record.server.label}, not to ${identity.label}`,
      );
    }
    if (selectDialect(record.revision) === dialect) return;
    const message = `Task ${record.id} was made under ${record.revision}; ${identity.label} now speaks ${negotiated.revision}`;
    throw new TaskError('server-changed', message, { hint: 'Its record is kept as it is.' });
  }
}
