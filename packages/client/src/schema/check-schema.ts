import type { TaskProblem } from '../errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../task/json.ts';
import { own } from '../task/own.ts';
import { type Budget, createBudget, TooComplex } from './budget.ts';
import { clip } from './describe.ts';
import { combining } from './keywords/combining.ts';
import { ofAnyValue } from './keywords/of-any-value.ts';
import { ofLists } from './keywords/of-lists.ts';
import { ofNumbers } from './keywords/of-numbers.ts';
import { ofObjects } from './keywords/of-objects.ts';
import { ofTexts } from './keywords/of-texts.ts';
import { createPatterns, type ReadPattern } from './pattern-cache.ts';
import { createReferences, type References, type Resource } from './references.ts';
import { all, FITS, MALFORMED, misfit, type Place, type Result, unsure } from './result.ts';
import type { Keyword } from './visit.ts';

/** The result of checking a value against a schema. */
export type SchemaReport =
  | { readonly kind: 'fits' }
  /** The value is invalid: at most 100 problems, in the order of the schema. */
  | { readonly kind: 'misfits'; readonly problems: readonly TaskProblem[] }
  /** No problem found, and some part cannot be checked here: the server decides. */
  | { readonly kind: 'unchecked'; readonly reasons: readonly TaskProblem[] };

const KEYWORDS = new Map<string, Keyword>([
  ...combining,
  ...ofAnyValue,
  ...ofNumbers,
  ...ofTexts,
  ...ofLists,
  ...ofObjects,
]);

/** The cost of one check of one part of a schema, in steps of a pattern. */
const COST = 20;

/**
 * Checks a value against a JSON Schema (draft 2020-12, and the differing keywords of earlier drafts). Safe for
 * untrusted schemas: generates no code, matches patterns in linear time, and leaves a schema unchecked that takes too
 * many steps. Never throws.
 */
export function checkSchema(schema: JsonObject, value: JsonValue): SchemaReport {
  const budget = createBudget();
  try {
    const references = createReferences(schema, budget);
    const run = { budget, references, pattern: createPatterns(), isOld: isOldDraft(schema) };
    const result = check(schema, value, null, references.document, run);
    return result.kind === 'unsure' ? { kind: 'unchecked', reasons: result.reasons } : result;
  } catch (error) {
    if (!(error instanceof TooComplex)) throw error;
    return { kind: 'unchecked', reasons: [{ path: '', message: 'the schema is too complex to check' }] };
  }
}

interface Run {
  readonly budget: Budget;
  readonly references: References;
  readonly pattern: ReadPattern;
  /** Up to draft 7, keywords beside a `$ref` are ignored. */
  readonly isOld: boolean;
}

function check(schema: JsonValue, value: JsonValue, place: Place, around: Resource, run: Run): Result {
  const { budget, references, pattern, isOld } = run;
  budget.spend(COST);
  if (schema === true) return FITS;
  if (schema === false) return misfit(place, 'is not allowed here');
  if (!isJsonObject(schema)) return MALFORMED;
  const resource = references.enter(schema, around);
  const visit = {
    schema,
    value,
    place,
    budget,
    pattern,
    check: (inner: JsonValue, of: JsonValue, at: Place) => check(inner, of, at, resource, run),
    follow(reference: string) {
      const found = references.find(reference, resource);
      if (found === undefined) return unsure(place, `${clip(reference)} is not in the schema`);
      return check(found.schema, value, place, found.resource, run);
    },
  };
  const names = isOld && own(schema, '$ref') !== undefined ? ['$ref'] : Object.keys(schema);
  return budget.deeper(() =>
    all(
      names.flatMap((name) => {
        const argument = schema[name];
        const keyword = KEYWORDS.get(name);
        return keyword === undefined || argument === undefined ? [] : [keyword(argument, visit)];
      }),
    ),
  );
}

function isOldDraft(schema: JsonObject): boolean {
  const dialect = own(schema, '$schema');
  return typeof dialect === 'string' && /draft-0[3-7]/.test(dialect);
}
