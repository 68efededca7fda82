import type { JsonObject, JsonValue } from '../task/json.ts';
import type { Budget } from './budget.ts';
import type { Pattern } from './pattern/match-pattern.ts';
import type { Place, Result } from './result.ts';

/** One schema at one place of the value, as seen by its keywords. */
export interface Visit {
  readonly schema: JsonObject;
  readonly value: JsonValue;
  readonly place: Place;
  readonly budget: Budget;
  /** Checks another schema of the same resource: against this value, or a part of it. */
  check(schema: JsonValue, value: JsonValue, place: Place): Result;
  /** Checks this value against the referenced schema. */
  follow(reference: string): Result;
  /** The compiled pattern; the reason if it cannot be matched here. */
  pattern(source: string): Pattern | string;
}

/** The result of one keyword, given its sibling keywords. */
export type Keyword = (argument: JsonValue, visit: Visit) => Result;
