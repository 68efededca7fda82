import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FollowedTask } from '../../packages/client/src/api/handle-api.ts';
import { ConnectionFailure, type Failure } from '../../packages/client/src/connect/connection.ts';
import { TaskError } from '../../packages/client/src/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../packages/client/src/task/json.ts';
import { openQuestions } from '../../packages/client/src/task/record.ts';
import type { Outcome } from '../../packages/client/src/task/task.ts';
import { acceptedCall } from '../../packages/client/src/testing/accepted-call.ts';
import { answerNow } from '../../packages/client/src/testing/answer-now.ts';
import { createFakeClock } from '../../packages/client/src/testing/index.ts';
import { createWorld, type World } from './world.ts';

const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>;
/** Mostly valid values, so that tasks are created and live; sometimes arbitrary ones. */
const mostly = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | JsonValue> =>
  fc.oneof({ weight: 5, arbitrary }, { weight: 1, arbitrary: json as fc.Arbitrary<T | JsonValue> });
const key = fc.constantFrom('a', 'b', '__proto__', 'constructor', '');
const question = fc.record({
  method: mostly(fc.constantFrom('elicitation/create', 'sampling/createMessage', 'roots/list')),
  params: mostly(fc.record({ message: json, requestedSchema: json })),
});
const status = fc.constantFrom(
  'working',
  'working',
  'input_required',
  'input_required',
  'completed',
  'failed',
  'cancelled',
);
const content = fc.record({ content: fc.array(fc.record({ type: fc.constant('text'), text: fc.string() })) });
const task = fc.record(
  {
    taskId: mostly(fc.constant('t1')),
    status: mostly(status),
    statusMessage: json,
    createdAt: json,
    lastUpdatedAt: mostly(fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z')),
    ttlMs: json,
    ttl: json,
    pollIntervalMs: mostly(fc.constantFrom(0, 1, 250, 1_000)),
    pollInterval: mostly(fc.constantFrom(0, 1, 250, 1_000)),
    inputRequests: mostly(fc.dictionary(key, mostly(question), { maxKeys: 3 })),
    result: mostly(content),
    error: mostly(fc.record({ code: json, message: json, data: json })),
  },
  { requiredKeys: ['taskId', 'status'] },
);
const body = fc.oneof(
  task.map((fields) => ({ resultType: 'task', ...fields })),
  task.map((fields) => ({ resultType: 'complete', ...fields })),
  task.map((fields) => ({ task: fields })),
  content,
  fc.record({
    resultType: fc.constant('input_required'),
    inputRequests: fc.dictionary(key, question),
    requestState: json,
  }),
  fc.record({ tools: fc.constant([{ name: 'deploy', execution: { taskSupport: 'required' } }]) }),
  json,
) as fc.Arbitrary<JsonValue>;
const failure = fc.oneof(
  fc.constantFrom<Failure>(
    { kind: 'transport', message: 'ECONNRESET' },
    { kind: 'timeout', message: 'late' },
    { kind: 'http', status: 503, message: '503', retryAfterMs: 1e12 },
    { kind: 'auth', message: '401' },
    { kind: 'session-gone', message: 'gone' },
    { kind: 'invalid', message: 'no JSON' },
  ),
  fc.record({
    kind: fc.constant('rpc' as const),
    code: fc.constantFrom(-32602, -32601, -32603, 0, 1e9),
    message: fc.string(),
  }),
);
type Answer = { readonly body: JsonValue } | { readonly failure: Failure };
const answer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 6, arbitrary: body.map((each) => ({ body: each })) },
  { weight: 1, arbitrary: failure.map((each) => ({ failure: each })) },
);
/** A first reply that creates a task, so that most runs have one. */
const made = task.map(
  (fields): Answer => ({
    body: { resultType: 'task', ...fields, taskId: 't1', task: { ...fields, taskId: 't1' } } as JsonValue,
  }),
);

interface SentMessage {
  readonly method: string;
  readonly body: JsonValue;
}

function hostile(
  revision: string,
  first: Answer,
  answers: readonly Answer[],
): { readonly world: World; readonly sent: SentMessage[] } {
  const sent: SentMessage[] = [];
  let at = 0;
  const world = createWorld(
    ({ method }) => {
      if (method === 'tools/list') return { tools: [{ name: 'deploy', execution: { taskSupport: 'required' } }] };
      const next = method === 'tools/call' && at === 0 ? first : (answers[at % answers.length] as Answer);
      at += 1;
      // Also sends unsolicited notifications.
      if (isJsonObject('body' in next ? next.body : null)) {
        world.connection.notify('notifications/tasks', ('body' in next ? next.body : {}) as JsonObject);
        sent.push({ method: 'notification', body: 'body' in next ? next.body : null });
      }
      if ('failure' in next) throw new ConnectionFailure(next.failure);
      sent.push({ method, body: next.body });
      return next.body;
    },
    { revision, clock: createFakeClock({ random: 0.5 }) },
  );
  return { world, sent };
}

/** Whether the server sent this outcome in a reply that may carry it. */
function wasSent({ result }: Outcome, revision: string, sent: readonly SentMessage[]): boolean {
  // A result always has content, as the SDKs read it, and no wire-only fields.
  const whole = (value: JsonValue | undefined): JsonValue | undefined => {
    if (!isJsonObject(value)) return value;
    const { resultType: _wire, ...rest } = value;
    return Array.isArray(rest.content) ? rest : { ...rest, content: [] };
  };
  const same = (value: JsonValue | undefined): boolean => JSON.stringify(whole(value)) === JSON.stringify(result);
  return sent.some(({ method, body: message }) => {
    if (!isJsonObject(message)) return false;
    if (method === 'tools/call' && same(message))
      return message.resultType === undefined || message.resultType === 'complete';
    if (revision === '2025-11-25') return method === 'tasks/result' && same(message);
    const nested = typeof message.taskId !== 'string' && isJsonObject(message.task) ? message.task : message;
    return nested.status === 'completed' && same(nested.result);
  });
}

/** Declines every open question; a failure must be a `TaskError`. */
async function answerAll(handle: FollowedTask, world: World): Promise<void> {
  for (const each of Object.keys(openQuestions(handle.latest))) {
    void answerNow(handle, each, { action: 'decline' }).catch((error: unknown) =>
      expect(error).toBeInstanceOf(TaskError),
    );
  }
  await world.clock.settle();
}

test.each(['2026-07-28', '2025-11-25'])(
  'with arbitrary replies of a %s server every wait ends, and no success is reported that the server did not send',
  async (revision) => {
    const rejections: unknown[] = [];
    const onRejection = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', onRejection);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 3, arbitrary: made }, { weight: 1, arbitrary: answer }),
        fc.array(answer, { minLength: 1, maxLength: 12 }),
        async (first, answers) => {
          const { world, sent } = hostile(revision, first, answers);
          const called = acceptedCall(world.client, { name: 'deploy' }).catch((error: unknown) => error);
          await world.clock.advance(1_000);
          const call = await called;
          if (call instanceof Error) expect(call).toBeInstanceOf(TaskError);
          else if ((call as { kind: string }).kind === 'complete') {
            expect(wasSent(call as unknown as Outcome, revision, sent)).toBe(true);
          } else {
            const handle = (call as { task: FollowedTask }).task;
            const outcome = handle.outcome({ timeoutMs: 60_000 });
            for (let second = 0; second < 60; second += 10) {
              await answerAll(handle, world);
              await world.clock.advance(10_000);
            }
            const ended = await outcome;
            if (ended.status === 'completed') expect(wasSent(ended, revision, sent)).toBe(true);
          }
          // At most four polls a second and three kinds of requests: no busy loop.
          expect(world.connection.sent.length).toBeLessThan(800);
          const records = (await world.store.list()).records;
          expect(JSON.parse(JSON.stringify(records))).toHaveLength(1);
          await world.client.close();
          expect(world.clock.pending).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', onRejection);
    expect(rejections).toEqual([]);
  },
);
