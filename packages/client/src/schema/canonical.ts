import { isJsonObject, type JsonValue } from '../task/json.ts';
import type { Budget } from './budget.ts';

/** Serializes a value with sorted keys: equal JSON values give equal texts. */
export function canonical(value: JsonValue, budget: Budget): string {
  budget.spend(typeof value === 'string' ? 1 + value.length / 8 : 1);
  if (Array.isArray(value)) {
    return budget.deeper(() => `[${value.map((each: JsonValue) => canonical(each, budget)).join(',')}]`);
  }
  if (!isJsonObject(value)) return JSON.stringify(value);
  const fields = presentEntries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return budget.deeper(
    () => `{${fields.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each, budget)}`).join(',')}}`,
  );
}

/** The object's own fields without undefined ones, which are left out on the wire. */
export function presentEntries(object: { readonly [key: string]: JsonValue | undefined }): [string, JsonValue][] {
  return Object.entries(object).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined);
}
