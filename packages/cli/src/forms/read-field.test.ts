import { expect, test } from 'vitest';
import type { Field } from './field.ts';
import { parseText } from './read-field.ts';

const field = (over: Partial<Field>): Field => ({
  path: ['it'],
  key: 'it',
  title: 'it',
  type: 'string',
  required: false,
  options: [],
  schema: {},
  ...over,
});
const value = (over: Partial<Field>, text: string) => parseText(field(over), text);

test('a boolean accepts the usual words for yes and no', () => {
  for (const word of ['true', 'Yes', 'y', 'on', '1'])
    expect(value({ type: 'boolean' }, word)).toEqual({ ok: true, value: true });
  for (const word of ['false', 'No', 'n', 'OFF', '0'])
    expect(value({ type: 'boolean' }, word)).toEqual({ ok: true, value: false });
  expect(value({ type: 'boolean' }, 'maybe')).toEqual({ ok: false, message: 'must be true or false' });
});

test.each<[Field['type'], string, unknown]>([
  ['number', '1.5', 1.5],
  ['number', '.5', 0.5],
  ['number', '-2e3', -2000],
  ['number', '1e', 'must be a number'],
  ['number', '0x10', 'must be a number'],
  ['integer', '+7', 7],
  ['integer', '7.0', 'must be a whole number'],
  ['integer', '9007199254740993', 'cannot be sent exactly: 9007199254740993 would become 9007199254740992'],
])('as a %s, %s is %j', (type, text, expected) => {
  const reading = value({ type }, text);
  expect(reading.ok ? reading.value : reading.message).toBe(expected);
});

const options = [
  { value: 'a', title: 'b' },
  { value: 'b', title: 'Second' },
  { value: 3, title: 'Three' },
];

test('an option is found by its value, then by its title, then in any case', () => {
  const chosen = (text: string) => value({ type: 'choice', options }, text);
  expect(chosen('b')).toEqual({ ok: true, value: 'b' });
  expect(chosen('A')).toEqual({ ok: true, value: 'a' });
  expect(chosen('second')).toEqual({ ok: true, value: 'b' });
  expect(chosen('3')).toEqual({ ok: true, value: 3 });
  expect(chosen('four')).toEqual({ ok: false, message: 'has no option "four"; there is a, b, 3' });
});

test('several options are separated by commas or written as JSON', () => {
  const chosen = (text: string) => value({ type: 'multi-choice', options }, text);
  expect(chosen('a, Three')).toEqual({ ok: true, value: ['a', 3] });
  expect(chosen('["a"]')).toEqual({ ok: true, value: ['a'] });
  expect(chosen('a, x')).toMatchObject({ ok: false });
});

test('the items of a list of texts or numbers are separated by commas', () => {
  const list = (type: string) => ({ type: 'json', schema: { type: 'array', items: { type } } }) as const;
  expect(value(list('string'), 'a, b')).toEqual({ ok: true, value: ['a', 'b'] });
  expect(value(list('number'), '1, 2.5')).toEqual({ ok: true, value: [1, 2.5] });
  expect(value(list('number'), '1, x')).toEqual({ ok: false, message: 'must be numbers, separated by commas' });
});
