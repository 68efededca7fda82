import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cpuNow } from '../../../../test/support/cpu-time.ts';
import { isExactNumber, lostDigits } from './lost-digits.ts';

test.each([
  '0',
  '-0',
  '0.1',
  '1.50',
  '1e3',
  '1E+21',
  '9007199254740992',
  '100000000000000000000',
  '5e-324',
  '123456.789e3',
])('%s keeps its value when parsed', (numeral) => {
  expect(isExactNumber(numeral)).toBe(true);
  expect(lostDigits(`{"a":[${numeral}]}`)).toBeUndefined();
});

test.each([
  '1234567890123456789',
  '-9007199254740993',
  '0.1234567890123456789',
  '12345.678901234567890',
  '1e400',
  '-1e400',
  '1e-400',
])('%s loses digits when parsed', (numeral) => {
  expect(isExactNumber(numeral)).toBe(false);
  for (const text of [
    numeral,
    ` ${numeral}`,
    `{"a": ${numeral}}`,
    `[1,${numeral}]`,
    `{"a\\"":"b\\\\","c":${numeral}}`,
  ]) {
    expect(lostDigits(text)).toBe(numeral);
  }
});

test('digits inside a string are ignored', () => {
  expect(lostDigits('{"id":"1234567890123456789","b":"say \\", 1234567890123456789","c":[1]}')).toBeUndefined();
  expect(lostDigits('{"id":": 1234567890123456789\\\\"}')).toBeUndefined();
});

test('output of JSON.stringify loses no digits', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => lostDigits(JSON.stringify(value)) === undefined));
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => isExactNumber(String(number))),
  );
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom(...'"\\ ,:12345678901234567890') })), (texts) => {
      expect(lostDigits(JSON.stringify(texts))).toBeUndefined();
    }),
  );
});

test('an integer is exact if its digits survive parsing', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (integer) => {
      const kept = Number(integer).toLocaleString('en', { useGrouping: false });
      expect(isExactNumber(String(integer))).toBe(kept === String(integer));
    }),
  );
});

/** The shortest of several runs, in ms. */
function timeOf(work: () => unknown): number {
  const times = Array.from({ length: 7 }, () => {
    const began = cpuNow();
    work();
    return cpuNow() - began;
  });
  return Math.min(...times);
}

test('a scan of 7 MB costs little beside parsing it', () => {
  const row = (id: number) => ({
    id,
    name: `row ${id}`,
    price: id / 100,
    tags: ['new', 'sold'],
    note: 'é '.repeat(20),
  });
  const json = JSON.stringify({ structuredContent: { rows: Array.from({ length: 57_000 }, (_each, at) => row(at)) } });
  expect(json.length).toBeGreaterThan(6_000_000);
  // An eighth on an idle machine.
  expect(timeOf(() => lostDigits(json))).toBeLessThan(timeOf(() => JSON.parse(json)) * 0.4);
});

test('a number of a million digits is checked in under a second', () => {
  const long = `1${'0'.repeat(1_000_000)}1`;
  expect(timeOf(() => lostDigits(`[${long}e-1000000]`))).toBeLessThan(1_000);
});

test('an exponent of a million digits is checked in under a second; only zero is exact with it', () => {
  const nines = '9'.repeat(1_000_000);
  expect(timeOf(() => lostDigits(`[1e-${nines}]`))).toBeLessThan(1_000);
  expect(lostDigits(`[1e-${nines}]`)).toBe(`1e-${nines}`);
  expect(lostDigits(`[0.000e-${nines}, -0E+${nines}]`)).toBeUndefined();
  expect(lostDigits('[1e-0000001]')).toBeUndefined();
});
