import type { JsonValue } from '../task/json.ts';

/** One thing that does not fit, and where. */
export interface SchemaProblem {
  /** `a.b`; empty for the value as a whole. */
  readonly path: string;
  /** What is wanted there, in words: `must be a date, YYYY-MM-DD`. */
  readonly message: string;
}

/** Where in the value a check stands, from the inside out; null at the value as a whole. */
export type Place = { readonly parent: Place; readonly key: string | number } | null;

/** `unsure` where only the server can judge: nothing is refused for it, also below a `not`. */
export type Result =
  | { readonly kind: 'fits' }
  | { readonly kind: 'unsure'; readonly reasons: readonly SchemaProblem[] }
  | { readonly kind: 'misfits'; readonly problems: readonly SchemaProblem[] };

/** More than a person reads. */
const MOST = 100;

export const FITS: Result = { kind: 'fits' };
/** A keyword that is not written as it has to be says nothing. */
export const MALFORMED: Result = { kind: 'unsure', reasons: [] };

export function misfit(place: Place, message: string): Result {
  return { kind: 'misfits', problems: [{ path: pathOf(place), message }] };
}

export function unsure(place: Place, message: string): Result {
  return { kind: 'unsure', reasons: [{ path: pathOf(place), message }] };
}

/** Fits where all of them fit. */
export function all(results: readonly Result[]): Result {
  const wrong = results.flatMap((each) => (each.kind === 'misfits' ? each.problems : []));
  if (wrong.length > 0) return { kind: 'misfits', problems: wrong.slice(0, MOST) };
  if (results.every((each) => each.kind === 'fits')) return FITS;
  return { kind: 'unsure', reasons: reasonsOf(results) };
}

export function reasonsOf(results: readonly Result[]): readonly SchemaProblem[] {
  return results.flatMap((each) => (each.kind === 'unsure' ? each.reasons : [])).slice(0, MOST);
}

export function below(parent: Place, key: string | number): Place {
  return { parent, key };
}

export function pathOf(place: Place): string {
  const keys: (string | number)[] = [];
  for (let at = place; at !== null; at = at.parent) keys.unshift(at.key);
  return keys.join('.');
}

/** What a value is called: an integer is a number that is whole, however it is written. */
export function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}
