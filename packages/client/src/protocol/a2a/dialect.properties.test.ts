import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance, createLifecycle } from '../../machine/lifecycle.ts';
import type { JsonObject, JsonValue } from '../../task/json.ts';
import { sampleRecord } from '../../testing/sample-record.ts';
import type { TaskRef } from '../dialect.ts';
import { dialect } from './dialect.ts';

const call = { id: 'a1', name: 'send', arguments: {}, asTask: false };
const ref: TaskRef = { id: 'a1', taskId: 't1', arguments: {}, answers: [{ key: 'k', since: 1 }] };
const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
const or = (value: fc.Arbitrary<unknown>): fc.Arbitrary<JsonValue> => fc.oneof(value, json) as fc.Arbitrary<JsonValue>;
const words = [
  'submitted',
  'working',
  'input-required',
  'auth-required',
  'completed',
  'canceled',
  'failed',
  'rejected',
];
const states = words.flatMap((word) => [word, `TASK_STATE_${word.toUpperCase().replaceAll('-', '_')}`]);
const part = or(
  fc.record(
    { kind: json, text: or(fc.string()), data: json, url: json, raw: json, file: or(fc.dictionary(fc.string(), json)) },
    { requiredKeys: [] },
  ),
);
const message = or(
  fc.record(
    { messageId: or(fc.string()), role: json, parts: or(fc.array(part)), content: or(fc.array(part)), kind: json },
    { requiredKeys: [] },
  ),
);
const artifact = or(fc.record({ artifactId: json, name: json, parts: or(fc.array(part)) }, { requiredKeys: [] }));
const task = fc.record(
  {
    id: or(fc.constant('t1')),
    contextId: json,
    kind: or(fc.constantFrom('task', 'message')),
    status: or(fc.record({ state: or(fc.constantFrom(...states)), timestamp: json, message }, { requiredKeys: [] })),
    artifacts: or(fc.array(artifact)),
    history: or(fc.array(message)),
  },
  { requiredKeys: [] },
) as unknown as fc.Arbitrary<JsonObject>;
const answer = fc.oneof(task, json, message, fc.record({ task }), fc.record({ message })) as fc.Arbitrary<JsonValue>;
const page = fc.record({ tasks: or(fc.array(or(task))), nextPageToken: json });

test('any JSON in any place of any response of an agent is decoded or reported as invalid', () => {
  fc.assert(
    fc.property(answer, page, (raw, list) => {
      const all = [
        dialect.decodeCall(raw, call),
        dialect.decodeTask(raw, ref),
        dialect.decodeTools(raw),
        dialect.decodeList(list as unknown as JsonValue),
        dialect.find?.decode(list as unknown as JsonValue, 'a1'),
      ];
      for (const decoded of all) if (decoded?.kind === 'invalid') expect(decoded.problem).not.toBe('');
      if (typeof raw === 'object' && raw !== null && !Array.isArray(raw))
        dialect.notice('StreamResponse', raw as JsonObject);
    }),
    { numRuns: 2_000 },
  );
});

test('a poll reports completed only for the state completed, and the task keeps its id', () => {
  fc.assert(
    fc.property(task, (raw) => {
      const decoded = dialect.decodeTask(raw, ref);
      if (decoded.kind === 'invalid') return;
      const state = createLifecycle(sampleRecord({ id: 'a1', taskId: 't1', protocol: 'a2a' }), {
        traits: dialect.traits,
        minPollIntervalMs: 0,
      });
      const seen = { type: 'task-observed', snapshot: decoded.value, polled: true, now: 1_000, chance: 0.5 } as const;
      const [next] = advance(state, seen);
      expect(JSON.parse(JSON.stringify(next.record)).taskId).toBe('t1');
      if (next.record.outcome?.status !== 'completed') return;
      expect((raw.status as JsonObject).state).toMatch(/^(completed|TASK_STATE_COMPLETED)$/);
      expect(Array.isArray(next.record.outcome.result?.content)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('a task that is nested ten thousand deep keeps its id, and its deep parts are dropped', () => {
  const deep = JSON.parse(`${'['.repeat(10_000)}${']'.repeat(10_000)}`) as JsonValue;
  const status = { state: 'completed', message: { parts: [{ data: deep }] } };
  const decoded = dialect.decodeTask({ id: 't1', status, artifacts: [{ parts: [{ data: deep }] }] }, ref);
  expect(decoded).toMatchObject({ kind: 'value', value: { taskId: 't1', error: { code: null } } });
  expect(JSON.stringify(decoded).length).toBeLessThan(1_000);
});

test('a question has a stable key of its own, whatever fields the agent leaves out', () => {
  const keyOf = (status: JsonObject): string | undefined => {
    const decoded = dialect.decodeTask({ id: 't1', status: { state: 'input-required', ...status } }, ref);
    return decoded.kind === 'value' ? Object.keys(decoded.value.inputRequests ?? {})[0] : undefined;
  };
  const parts = [{ text: 'Which?' }];
  expect(keyOf({ message: { messageId: 'm1', parts } })).toBe('m1');
  expect(keyOf({ timestamp: '2026-01-01T00:00:00Z' })).toBe('reply-2026-01-01T00:00:00Z');
  expect(keyOf({ message: { parts } })).toBe(keyOf({ message: { parts } }));
  expect(keyOf({ message: { parts } })).not.toBe(keyOf({ message: { parts: [{ text: 'What?' }] } }));
  expect(keyOf({})).toMatch(/^reply-/);
});

test('an unknown state is shown, and the task stays open', () => {
  const decoded = dialect.decodeTask({ id: 't1', status: { state: 'TASK_STATE_PAUSED' } }, ref);
  expect(decoded).toMatchObject({ kind: 'value', value: { status: 'working', statusMessage: 'paused' } });
});
