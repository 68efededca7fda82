import { createTaskClient, isJsonObject, type JsonObject, type JsonValue, type TaskRecord } from '@mcp-tasks/client';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';
import { createFakeClock, createScriptedConnection } from '@mcp-tasks/client/testing';
import { type Chance, createChance } from '../soak/chance.ts';
import { mutate } from './mutate.ts';

const CAPABILITIES = {
  tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
  extensions: { 'io.modelcontextprotocol/tasks': {} },
} as const;
const AT = '2026-11-28T00:00:00Z';
const task = { taskId: 't1', status: 'working', createdAt: AT, lastUpdatedAt: AT, ttlMs: 60_000, pollIntervalMs: 500 };
const core = { taskId: 't1', status: 'working', createdAt: AT, lastUpdatedAt: AT, ttl: 60_000, pollInterval: 500 };
const schema = { type: 'object', properties: { approve: { type: 'boolean' } } };
const question = { method: 'elicitation/create', params: { message: 'Deploy?', requestedSchema: schema } };
const result = { content: [{ type: 'text', text: 'done' }], structuredContent: { live: true }, isError: false };

/** Correct replies, by revision and method. */
const CORRECT: Readonly<Record<string, Readonly<Record<string, readonly JsonObject[]>>>> = {
  '2026-07-28': {
    'tools/call': [
      { resultType: 'task', ...task },
      { resultType: 'complete', ...result },
      { resultType: 'input_required', inputRequests: { approval: question }, requestState: 's' },
    ],
    'tasks/get': [
      { resultType: 'complete', ...task },
      { resultType: 'complete', ...task, status: 'input_required', inputRequests: { approval: question } },
      { resultType: 'complete', ...task, status: 'completed', result },
      { resultType: 'complete', ...task, status: 'failed', error: { code: -32603, message: 'boom' } },
      { resultType: 'complete', ...task, status: 'cancelled' },
    ],
  },
  '2025-11-25': {
    'tools/list': [{ tools: [{ name: 'deploy', inputSchema: schema, execution: { taskSupport: 'optional' } }] }],
    'tools/call': [{ task: core }, result],
    'tasks/get': [core, { ...core, status: 'input_required' }, { ...core, status: 'completed' }],
    'tasks/result': [result, { ...result, isError: true }],
  },
};

const POLLS = 8;
const STEP_MS = 15_000;

export interface CallRun {
  readonly revision: string;
  readonly answers: readonly { readonly method: string; readonly raw: JsonValue }[];
  readonly record: TaskRecord | undefined;
}

/** One call from start to end, on a server whose replies are each one mutation away from correct ones. */
export async function runCall(seed: number): Promise<CallRun> {
  const chance = createChance(seed, 'fuzz');
  const revision = chance.oneOf(Object.keys(CORRECT));
  const answers: { method: string; raw: JsonValue }[] = [];
  const clock = createFakeClock();
  const connection = createScriptedConnection({ revision, capabilities: CAPABILITIES }, ({ method }) => {
    const raw = answer(revision, method, chance);
    answers.push({ method, raw });
    return raw;
  });
  const store = createMemoryStore();
  const tasks = createTaskClient({ connection, store, clock });
  const task = await tasks.start({ name: 'deploy' });
  const { id } = task;
  const calling = task.accepted().catch(() => undefined);
  for (let step = 0; step < POLLS; step += 1) {
    await clock.advance(STEP_MS);
    if ((await store.read(id))?.phase === 'settled') break;
  }
  const record = await store.read(id);
  await tasks.close();
  await calling;
  return { revision, answers, record };
}

function answer(revision: string, method: string, chance: Chance): JsonValue {
  const correct = CORRECT[revision]?.[method] ?? [{ resultType: 'complete' }];
  let raw: JsonValue = chance.oneOf(correct);
  for (
    let count = chance.weighted({ 0: 1, 1: 5, 2: 3, 4: 1 });
    Number(count) > 0;
    count = String(Number(count) - 1) as typeof count
  ) {
    raw = mutate(raw, chance);
  }
  return raw;
}

/** Whether a reply of this run reports that the task or call has completed. */
export function reportsCompleted({ answers }: CallRun): boolean {
  return answers.some(({ method, raw }) => method === 'tools/call' || method === 'tasks/result' || isCompleted(raw));
}

function isCompleted(raw: JsonValue): boolean {
  if (!isJsonObject(raw)) return false;
  return raw.status === 'completed' || (isJsonObject(raw.task) && raw.task.status === 'completed');
}
