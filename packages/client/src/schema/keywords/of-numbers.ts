import { isMultiple } from '../is-multiple.ts';
import { FITS, MALFORMED, misfit } from '../result.ts';
import type { Keyword } from '../visit.ts';

function bound(fits: (value: number, limit: number) => boolean, describe: (limit: number) => string): Keyword {
  return (limit, { value, place }) => {
    if (typeof value !== 'number') return FITS;
    // In draft 4, `exclusiveMinimum` and `exclusiveMaximum` are booleans.
    if (typeof limit !== 'number') return MALFORMED;
    return fits(value, limit) ? FITS : misfit(place, `must be ${describe(limit)}`);
  };
}

/** `minimum` and `maximum`; in draft 4 a boolean beside them makes them exclusive. */
function edge(beside: string, inclusive: Keyword, exclusive: Keyword): Keyword {
  return (limit, visit) => (visit.schema[beside] === true ? exclusive : inclusive)(limit, visit);
}

const atLeast = bound(
  (value, limit) => value >= limit,
  (limit) => `${limit} or more`,
);
const atMost = bound(
  (value, limit) => value <= limit,
  (limit) => `${limit} or less`,
);
const above = bound(
  (value, limit) => value > limit,
  (limit) => `more than ${limit}`,
);
const under = bound(
  (value, limit) => value < limit,
  (limit) => `less than ${limit}`,
);

const multipleOf: Keyword = (step, { value, place }) => {
  if (typeof value !== 'number') return FITS;
  if (typeof step !== 'number' || step <= 0) return MALFORMED;
  return isMultiple(value, step) ? FITS : misfit(place, `must be a multiple of ${step}`);
};

export const ofNumbers: readonly (readonly [string, Keyword])[] = [
  ['minimum', edge('exclusiveMinimum', atLeast, above)],
  ['maximum', edge('exclusiveMaximum', atMost, under)],
  ['exclusiveMinimum', (limit, visit) => (typeof limit === 'boolean' ? FITS : above(limit, visit))],
  ['exclusiveMaximum', (limit, visit) => (typeof limit === 'boolean' ? FITS : under(limit, visit))],
  ['multipleOf', multipleOf],
];
