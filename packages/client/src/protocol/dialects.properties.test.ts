import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance, createLifecycle } from '../machine/lifecycle.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../task/json.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { dialect as rev20251125 } from './mcp-2025-11-25/dialect.ts';
import { dialect as rev20260728 } from './mcp-2026-07-28/dialect.ts';

const dialects = [rev20251125, rev20260728];
const call = { id: 'a1', name: 'deploy', arguments: {}, asTask: true };
const ref = { id: 'a1', taskId: 't1', arguments: {}, answers: [] };
const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
const taskId = fc.oneof(fc.constant('t1'), fc.string(), json);
const status = fc.oneof(fc.constantFrom('working', 'input_required', 'completed', 'failed', 'cancelled', 'odd'), json);
/** Includes keys that every object inherits from its prototype. */
const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty'));
const questions = fc.oneof(
  fc.dictionary(key, fc.oneof(json, fc.record({ method: fc.constantFrom('elicitation/create', 'x'), params: json }))),
  json,
);

/** Bodies close to valid ones, with any value in any place. */
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

test('any JSON in any place of any response is decoded or reported as invalid, in both revisions', () => {
  fc.assert(
    fc.property(answer, fc.constantFrom(...dialects), (raw, dialect) => {
      for (const decoded of [dialect.decodeCall(raw, call), dialect.decodeTask(raw, ref)]) {
        if (decoded.kind === 'invalid') expect(decoded.problem).not.toBe('');
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a poll reports success only for a completed response with a result', () => {
  fc.assert(
    fc.property(answer, fc.constantFrom(...dialects), (raw, dialect) => {
      const decoded = dialect.decodeTask(raw, ref);
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
      const sent = (isJsonObject(task) && typeof flat !== 'string' ? task : raw) as JsonObject;
      expect(sent.status).toBe('completed');
      const { result } = sent;
      // The result as sent, with empty content if it had none.
      const hasContent = isJsonObject(result) && Array.isArray(result.content);
      expect(next.record.outcome.result).toEqual(hasContent ? result : { ...(result as JsonObject), content: [] });
    }),
    { numRuns: 2_000 },
  );
});

test('a question is asked, and its answer is sent, under the same key, whatever the key is', () => {
  const dialect = rev20260728;
  fc.assert(
    fc.property(fc.uniqueArray(key, { minLength: 1, maxLength: 5 }), (keys) => {
      const request = { method: 'elicitation/create', params: { message: 'Go?' } };
      const inputRequests = Object.fromEntries(keys.map((each) => [each, request]));
      const decoded = dialect.decodeTask({ taskId: 't1', status: 'input_required', inputRequests }, ref);
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

test.each(dialects)(
  'a response nested ten thousand deep keeps its task id and is not a result ($revision)',
  (dialect) => {
    const deep = JSON.parse(`${'['.repeat(10_000)}${']'.repeat(10_000)}`) as JsonValue;
    const task = { taskId: 't1', status: 'completed', result: { content: deep }, _meta: { deep } };
    const decoded = dialect.decodeTask(task, ref);
    expect(decoded).toMatchObject({ kind: 'value', value: { taskId: 't1', error: { code: null } } });
    expect(JSON.stringify(decoded).length).toBeLessThan(1_000);
    expect(dialect.decodeCall({ content: deep }, call)).toMatchObject({ kind: 'invalid', raw: null });
  },
);

/** Structures that are expensive to check one by one. */
const shapes: readonly (readonly [string, string])[] = [
  ['empty arrays', `[${Array(1_000_000).fill('[]').join(',')}]`],
  ['empty objects', `[${Array(500_000).fill('{}').join(',')}]`],
  ['rows', `[${Array(50_000).fill('{"id":1,"name":"row","tags":["a","b"],"price":1.5}').join(',')}]`],
];

test.each(shapes)('S5: a result of a million %s is decoded for a fraction of the cost of parsing it', (_, rows) => {
  const text = `{"taskId":"t1","status":"completed","result":{"content":[],"structuredContent":{"rows":${rows}}}}`;
  const timeOf = (work: () => unknown): number => {
    const began = process.cpuUsage().user;
    work();
    return process.cpuUsage().user - began;
  };
  const parseUs = timeOf(() => JSON.parse(text));
  const raw = JSON.parse(text) as JsonValue;
  for (const dialect of dialects) {
    expect(timeOf(() => dialect.decodeTask(raw, ref))).toBeLessThan(Math.max(20_000, parseUs));
    expect(timeOf(() => dialect.decodeCall(raw, call))).toBeLessThan(Math.max(20_000, parseUs));
  }
});

test('S5: a million questions are refused, and the task keeps its id', () => {
  const inputRequests = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, at) => [`q${at}`, { method: 'x' }]));
  expect(rev20260728.decodeTask({ taskId: 't1', status: 'input_required', inputRequests }, ref)).toMatchObject({
    kind: 'value',
    value: { taskId: 't1', inputRequests: {}, error: { message: expect.stringContaining('more than 100') } },
  });
  expect(rev20260728.decodeCall({ resultType: 'input_required', inputRequests }, call)).toMatchObject({
    kind: 'invalid',
    problem: expect.stringContaining('more than 100'),
  });
});

test.each(dialects)('S5: a list of more than ten thousand tools is refused ($revision)', (dialect) => {
  const tools = Array.from({ length: 10_001 }, (_, at) => ({ name: `t${at}` }));
  expect(dialect.decodeTools({ tools })).toMatchObject({ kind: 'invalid', problem: expect.stringContaining('10001') });
  expect(dialect.decodeTools({ tools: tools.slice(1) })).toMatchObject({ kind: 'value' });
});

const working = { taskId: 't1', status: 'working', ttlMs: 60_000 };
const deepMeta = JSON.parse(`${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`) as JsonValue;

test.each<[string, JsonValue]>([
  ['without resultType', working],
  ['with empty content, as an SDK adds it', { ...working, content: [] }],
  ['with a resultType that is not known', { ...working, resultType: 'async' }],
  ['with a resultType that is no text', { ...working, resultType: null }],
  ['nested', { task: working }],
  ['nested beside a resultType that is not known', { resultType: 'job', task: working }],
  ['with a status that is not known', { resultType: 'task', taskId: 't1', status: 'queued' }],
  ['beside metadata nested two thousand deep', { ...working, resultType: 'task', _meta: deepMeta }],
  ['already ended', { taskId: 't1', status: 'completed', result: { content: [] } }],
])('S6: a task as the answer to a call, %s, is a task with its id, in both revisions', (_, raw) => {
  for (const dialect of dialects) {
    expect(dialect.decodeCall(raw, call)).toMatchObject({
      kind: 'value',
      value: { kind: 'task', snapshot: { taskId: 't1' } },
    });
  }
});

test.each<[string, JsonValue]>([
  ['content', { content: [{ type: 'text', text: 'done' }], taskId: 't1', status: 'completed' }],
  ['the word complete', { resultType: 'complete', content: [], taskId: 't1', status: 'working' }],
  ['no id', { status: 'working', content: [] }],
  ['an id of something else', { taskId: 't1', created: true }],
])('S6: an answer to a call with %s is a result, whatever other fields it has', (_, raw) => {
  for (const dialect of dialects) {
    expect(dialect.decodeCall(raw, call)).toMatchObject({ kind: 'value', value: { kind: 'complete' } });
  }
});

test.each<[string, JsonValue]>([
  ['nested, with a number', { task: { taskId: 42, status: 'working' } }],
  ['nested, with an empty text', { task: { taskId: '', status: 'working' } }],
  ['nested, without one', { task: { status: 'working' } }],
  ['flat, with a number', { taskId: 42, status: 'completed' }],
])('S6: a task whose id cannot be read, %s, is not a result, in both revisions', (_, raw) => {
  for (const dialect of dialects) {
    expect(dialect.decodeCall(raw, call)).toMatchObject({ kind: 'invalid', problem: 'it has no taskId' });
  }
});
