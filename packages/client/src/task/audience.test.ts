import { expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import { audienceOf, isInAudience, writersOf } from './audience.ts';

const request = { method: 'elicitation/create', params: {} };
const record = sampleRecord({
  id: 'a1',
  audience: ['anna', 'ops'],
  inputRequests: { go: request, pay: request },
  ledger: { go: { state: 'open', digest: 'd' }, pay: { state: 'open', digest: 'e', audience: ['finance'] } },
});

test("a question's own audience replaces the audience of its task", () => {
  expect(audienceOf(record, 'go')).toEqual(['anna', 'ops']);
  expect(audienceOf(record, 'pay')).toEqual(['finance']);
  expect(audienceOf({ ...record, audience: undefined }, 'go')).toBeUndefined();
});

test('a person is in an audience by name or by group; without an audience anybody may answer', () => {
  expect(isInAudience(['anna'], { name: 'anna' })).toBe(true);
  expect(isInAudience(['ops'], { name: 'otto', groups: ['staff', 'ops'] })).toBe(true);
  expect(isInAudience(['ops'], { name: 'otto' })).toBe(false);
  expect(isInAudience(['ops'], undefined)).toBe(false);
  expect(isInAudience([], { name: 'anna' })).toBe(false);
  expect(isInAudience(undefined, undefined)).toBe(true);
});

test('writersOf() merges the audiences of a task and its questions; undefined if a question is for anybody', () => {
  expect(writersOf(record)).toEqual(['anna', 'finance', 'ops']);
  expect(writersOf({ ...record, audience: undefined })).toBeUndefined();
  expect(writersOf(sampleRecord({ id: 'a2' }))).toBeUndefined();
  const { pay } = record.ledger;
  const forFew = {
    ...record,
    audience: undefined,
    inputRequests: { pay: request },
    ledger: { pay: pay as typeof pay & {} },
  };
  expect(writersOf(forFew)).toEqual(['finance']);
});
