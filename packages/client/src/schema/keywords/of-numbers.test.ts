import { expect, test } from 'vitest';
import { checkSchema } from '../check-schema.ts';

const kind = (schema: object, value: number) => checkSchema({ properties: { n: { ...schema } } }, { n: value }).kind;

test.each<[object, number, string]>([
  [{ minimum: 5 }, 5, 'fits'],
  [{ minimum: 5 }, 4, 'misfits'],
  [{ maximum: 5 }, 5, 'fits'],
  [{ maximum: 5 }, 6, 'misfits'],
  [{ exclusiveMinimum: 5 }, 5, 'misfits'],
  [{ exclusiveMaximum: 5 }, 5, 'misfits'],
  [{ minimum: 5, exclusiveMinimum: true }, 5, 'misfits'],
  [{ minimum: 5, exclusiveMinimum: true }, 6, 'fits'],
  [{ minimum: 5, exclusiveMinimum: false }, 5, 'fits'],
  [{ maximum: 5, exclusiveMaximum: true }, 5, 'misfits'],
  [{ maximum: 5, exclusiveMaximum: true }, 4, 'fits'],
  [{ multipleOf: 0.1 }, 0.3, 'fits'],
  [{ multipleOf: 0.1 }, 0.35, 'misfits'],
])('under %j %d %s', (schema, value, expected) => {
  expect(kind(schema, value)).toBe(expected);
});
