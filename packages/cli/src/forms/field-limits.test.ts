import { expect, test } from 'vitest';
import type { FieldType } from './field.ts';
import { fieldLimits } from './field-limits.ts';

test.each<[FieldType, object, string | undefined]>([
  ['number', {}, 'a number'],
  ['integer', { minimum: 0 }, 'a whole number, at least 0'],
  ['number', { minimum: 5, exclusiveMinimum: 5 }, 'a number, more than 5'],
  ['number', { minimum: 6, exclusiveMinimum: 5 }, 'a number, at least 6'],
  ['number', { maximum: 5, exclusiveMaximum: 5 }, 'a number, less than 5'],
  ['number', { maximum: 4, exclusiveMaximum: 5 }, 'a number, at most 4'],
  ['integer', { minimum: 3, maximum: 3 }, 'a whole number, exactly 3'],
  ['string', { minLength: 0 }, undefined],
  ['string', { minLength: 1, pattern: '^a' }, 'at least 1 characters, matching ^a'],
  ['multi-choice', { minItems: 1, maxItems: 2 }, '1 to 2 choices'],
  [
    'json',
    { type: 'array', items: { type: 'integer' }, maxItems: 3 },
    'a list of numbers, with commas between, at most 3 of them',
  ],
  ['json', { type: 'object' }, 'JSON'],
  ['boolean', {}, undefined],
])('the limits of a %s with %j are: %s', (type, schema, limits) => {
  expect(fieldLimits({ ...schema }, type)).toBe(limits);
});
