import type { TaskProblem } from '../errors.ts';
import type { JsonValue } from '../task/json.ts';

/** The place of a check in the value, innermost first; null for the whole value. */
export type Place = { readonly parent: Place; readonly key: string | number } | null;

/** `unsure`: only the server can decide. It is never a refusal, not even inside `not`. */
export type Result =
  | { readonly kind: 'fits' }
  | { readonly kind: 'unsure'; readonly reasons: readonly TaskProblem[] }
  | { readonly kind: 'misfits'; readonly problems: readonly TaskProblem[] };

/** The maximum of problems that a person reads. */
const MAX_PROBLEMS = 100;

export const FITS: Result = { kind: 'fits' };
/** A malformed keyword is ignored. */
export const MALFORMED: Result = { kind: 'unsure', reasons: [] };

export function misfit(place: Place, message: string): Result {
  return { kind: 'misfits', problems: [{ path: pathOf(place), message }] };
}

export function unsure(place: Place, message: string): Result {
  return { kind: 'unsure', reasons: [{ path: pathOf(place), message }] };
}

/** Fits if all results fit. */
export function all(results: readonly Result[]): Result {
  const wrong = results.flatMap((each) => (each.kind === 'misfits' ? each.problems : []));
  if (wrong.length > 0) return { kind: 'misfits', problems: wrong.slice(0, MAX_PROBLEMS) };
  if (results.every((each) => each.kind === 'fits')) return FITS;
  return { kind: 'unsure', reasons: reasonsOf(results) };
}

export function reasonsOf(results: readonly Result[]): readonly TaskProblem[] {
  return results.flatMap((each) => (each.kind === 'unsure' ? each.reasons : [])).slice(0, MAX_PROBLEMS);
}

export function below(parent: Place, key: string | number): Place {
  return { parent, key };
}

/** A JSON pointer: `/a/0`; empty for the whole value. */
export function pathOf(place: Place): string {
  const keys: string[] = [];
  for (let at = place; at !== null; at = at.parent) keys.push(String(at.key));
  return keys.reduceRight((path, key) => `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, '');
}

/** The JSON type of a value; `number` for integers, too. */
export function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}
