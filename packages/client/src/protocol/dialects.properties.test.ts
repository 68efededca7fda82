import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance, createLifecycle } from '../machine/lifecycle.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../task/json.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { dialect as rev20251125 } from './mcp-2025-11-25/dialect.ts';
import { dialect as rev20260728 } from './mcp-2026-07-28/dialect.ts';

const dialects = [rev20251125, rev20260728];
const call = { id: 'a1', name: 'deploy', arguments: {}, asTask: true };
const ref = { taskId: 't1', arguments: {} };
const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
const taskId = fc.oneof(fc.constant('t1'), fc.string(), json);
const status = fc.oneof(fc.constantFrom('working', 'input_required', 'completed', 'failed', 'cancelled', 'odd'), json);
/** Keys that an object already has by its prototype are a server's favourite mischief. */
const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty'));
const questions = fc.oneof(
  fc.dictionary(key, fc.oneof(json, fc.record({ method: fc.constantFrom('elicitation/create', 'x'), params: json }))),
  json,
);

/** Bodies close to the real thing, with anything in any place. */
const body = fc.record(
  {
    resultType: fc.oneof(fc.constantFrom('task', 'complete', 'input_required'), json),
    taskId,
    status,
    statusMessage: json,
    createdAt: json,
    lastUpdatedAt: json,
    ttlMs: json,
    ttl: json,
    pollIntervalMs: json,
    pollInterval: json,
    inputRequests: questions,
    requestState: json,
    result: json,
    error: json,
    task: json,
  },
  { requiredKeys: [] },
) as unknown as fc.Arbitrary<JsonObject>;
const nested = body.map((task): JsonObject => ({ resultType: 'task', task }));
const answer = fc.oneof(body, nested, json);

test('any JSON in any place of any answer is a value or a stated problem, in both revisions', () => {
  fc.assert(
    fc.property(answer, fc.constantFrom(...dialects), (raw, dialect) => {
      for (const decoded of [dialect.decodeCall(raw, call), dialect.decodeTask(raw)]) {
        if (decoded.kind === 'invalid') expect(decoded.problem).not.toBe('');
      }
    }),
    { numRuns: 2_000 },
  );
});

test('whatever a server answers to a poll, success is reported only where it said so and gave a result', () => {
  fc.assert(
    fc.property(answer, fc.constantFrom(...dialects), (raw, dialect) => {
      const decoded = dialect.decodeTask(raw);
      if (decoded.kind === 'invalid') return;
      const record = sampleRecord({ id: 'a1', taskId: decoded.value.taskId, revision: dialect.revision });
      const state = createLifecycle(record, { traits: dialect.traits, minPollIntervalMs: 0 });
      const [next] = advance(state, {
        type: 'task-observed',
        snapshot: decoded.value,
        polled: true,
        now: 1_000,
        chance: 0.5,
      });
      expect(JSON.parse(JSON.stringify(next.record)).taskId).toEqual(record.taskId);
      if (next.record.outcome?.status !== 'completed') return;
      const { task, taskId: flat } = raw as JsonObject;
      const told = (isJsonObject(task) && typeof flat !== 'string' ? task : raw) as JsonObject;
      expect(told.status).toBe('completed');
      const { result } = told;
      // As it was sent, with content where none was sent.
      const hasContent = isJsonObject(result) && Array.isArray(result.content);
      expect(next.record.outcome.result).toEqual(hasContent ? result : { ...(result as JsonObject), content: [] });
    }),
    { numRuns: 2_000 },
  );
});

test('a question is asked under its key whatever its key is, and its answer goes out under it', () => {
  const dialect = rev20260728;
  fc.assert(
    fc.property(fc.uniqueArray(key, { minLength: 1, maxLength: 5 }), (keys) => {
      const request = { method: 'elicitation/create', params: { message: 'Go?' } };
      const inputRequests = Object.fromEntries(keys.map((each) => [each, request]));
      const decoded = dialect.decodeTask({ taskId: 't1', status: 'input_required', inputRequests });
      if (decoded.kind === 'invalid') throw new Error(decoded.problem);
      const record = sampleRecord({ id: 'a1', taskId: 't1' });
      const state = createLifecycle(record, { traits: dialect.traits, minPollIntervalMs: 0 });
      const seen = { type: 'task-observed', snapshot: decoded.value, polled: true, now: 1, chance: 0 } as const;
      const [next] = advance(state, seen);
      expect(Object.entries(next.record.ledger).map(([each, entry]) => [each, entry.state])).toEqual(
        Object.keys(inputRequests).map((each) => [each, 'open']),
      );
      const responses = Object.fromEntries(keys.map((each) => [each, { action: 'decline' }]));
      const update = dialect.update(ref, responses, next.record.inputRequests);
      expect(update?.params.inputResponses).toEqual(responses);
    }),
  );
});

test.each(dialects)('an answer nested ten thousand deep is a stated problem ($revision)', (dialect) => {
  const deep = JSON.parse(`${'['.repeat(10_000)}${']'.repeat(10_000)}`) as JsonValue;
  const task = { taskId: 't1', status: 'completed', result: { content: deep } };
  expect(dialect.decodeTask(task)).toMatchObject({ kind: 'invalid', problem: expect.stringContaining('deep') });
  expect(dialect.decodeCall({ content: deep }, call)).toMatchObject({ kind: 'invalid' });
});
