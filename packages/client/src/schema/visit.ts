import type { JsonObject, JsonValue } from '../task/json.ts';
import type { Budget } from './budget.ts';
import type { Pattern } from './pattern/match-pattern.ts';
import type { Place, Result } from './result.ts';

/** One schema at one place of the value, as its keywords see it. */
export interface Visit {
  readonly schema: JsonObject;
  readonly value: JsonValue;
  readonly place: Place;
  readonly budget: Budget;
  /** Checks with another schema of the same resource: this value, or what is below it. */
  check(schema: JsonValue, value: JsonValue, place: Place): Result;
  /** Checks this value with the schema that is referred to. */
  follow(reference: string): Result;
  /** The pattern, read once; in words why it cannot be matched here. */
  pattern(source: string): Pattern | string;
}

/** What one keyword says, given what is written beside it. */
export type Keyword = (argument: JsonValue, visit: Visit) => Result;
