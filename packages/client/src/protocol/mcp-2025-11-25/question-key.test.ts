import { expect, test } from 'vitest';
import { sampleRecord } from '../../testing/sample-record.ts';
import { questionKey } from './question-key.ts';

const request = { method: 'elicitation/create', params: { message: 'Go?' } };
const record = sampleRecord({ id: 'a1' });
const none: ReadonlySet<string> = new Set();
const key = questionKey(record, request, none);

test('equal questions get the same key, a different question a different key', () => {
  expect(key).toMatch(/^question-[0-9a-f]{6}$/);
  expect(questionKey(record, { ...request }, none)).toBe(key);
  expect(questionKey(record, { ...request, params: { message: 'Stop?' } }, none)).not.toBe(key);
});

test('a question repeated on one stream gets the next key', () => {
  expect(questionKey(record, request, new Set([key]))).toBe(`${key}-2`);
  expect(questionKey(record, request, new Set([key, `${key}-2`]))).toBe(`${key}-3`);
});

test('an answered question keeps its key until its task is seen to continue, and then gets the next one', () => {
  const answered = { state: 'acknowledged', digest: 'd', at: 1 } as const;
  expect(questionKey({ ...record, ledger: { [key]: answered } }, request, none)).toBe(`${key}-2`);
  const kept = { ...answered, response: { action: 'accept' } };
  expect(questionKey({ ...record, ledger: { [key]: kept } }, request, none)).toBe(key);
});
