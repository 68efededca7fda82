import { clip, describeFormat } from '../describe.ts';
import { isOfFormat } from '../formats/is-of-format.ts';
import { FITS, MALFORMED, misfit, unsure } from '../result.ts';
import type { Keyword } from '../visit.ts';

/** The length in code points, not in UTF-16 units. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _character of text) length += 1;
  return length;
}

const minLength: Keyword = (limit, { value, place, budget }) => {
  if (typeof value !== 'string') return FITS;
  if (typeof limit !== 'number') return MALFORMED;
  budget.spend(value.length / 8);
  if (lengthOf(value) >= limit) return FITS;
  return misfit(place, limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`);
};

const maxLength: Keyword = (limit, { value, place, budget }) => {
  if (typeof value !== 'string') return FITS;
  if (typeof limit !== 'number') return MALFORMED;
  budget.spend(value.length / 8);
  return lengthOf(value) <= limit ? FITS : misfit(place, `must have at most ${limit} characters`);
};

const pattern: Keyword = (source, visit) => {
  const { value, place, budget } = visit;
  if (typeof value !== 'string') return FITS;
  if (typeof source !== 'string') return MALFORMED;
  const read = visit.pattern(source);
  if (typeof read === 'string') return unsure(place, read);
  return read.test(value, budget.spend) ? FITS : misfit(place, `must match ${clip(source)}`);
};

const format: Keyword = (name, { value, place, budget }) => {
  if (typeof value !== 'string') return FITS;
  if (typeof name !== 'string') return MALFORMED;
  budget.spend(value.length / 8);
  return isOfFormat(name, value) ? FITS : misfit(place, `must be ${describeFormat(name)}`);
};

export const ofTexts: readonly (readonly [string, Keyword])[] = [
  ['minLength', minLength],
  ['maxLength', maxLength],
  ['pattern', pattern],
  ['format', format],
];
