import type { JsonValue } from '../../task/json.ts';
import { canonical } from '../canonical.ts';
import { describeTypes, joinFirst, showValue } from '../describe.ts';
import { FITS, MALFORMED, misfit, typeOf } from '../result.ts';
import type { Keyword } from '../visit.ts';

const TYPES: readonly JsonValue[] = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

const type: Keyword = (argument, { value, place }) => {
  const types: readonly JsonValue[] = Array.isArray(argument) ? argument : [argument];
  const own = typeOf(value);
  const isOne = types.some((each) => each === own || (each === 'integer' && Number.isInteger(value)));
  if (isOne) return FITS;
  const known = types.filter((each): each is string => TYPES.includes(each));
  // An unknown type may match.
  if (known.length === 0 || known.length < types.length) return MALFORMED;
  return misfit(place, `must be ${describeTypes(known)}`);
};

const enumeration: Keyword = (argument, { value, place, budget }) => {
  if (!Array.isArray(argument)) return MALFORMED;
  const options: readonly JsonValue[] = argument;
  const wanted = canonical(value, budget);
  if (options.some((each) => canonical(each, budget) === wanted)) return FITS;
  return misfit(place, `must be one of: ${joinFirst(options.map(showValue)).text}`);
};

const constant: Keyword = (argument, { value, place, budget }) =>
  canonical(argument, budget) === canonical(value, budget) ? FITS : misfit(place, `must be ${showValue(argument)}`);

export const ofAnyValue: readonly (readonly [string, Keyword])[] = [
  ['type', type],
  ['enum', enumeration],
  ['const', constant],
];
