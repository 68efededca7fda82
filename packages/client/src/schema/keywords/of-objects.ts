import { isJsonObject, type JsonValue } from '../../task/json.ts';
import { own } from '../../task/own.ts';
import { presentEntries } from '../canonical.ts';
import { all, below, FITS, MALFORMED, misfit, type Result, unsure } from '../result.ts';
import type { Keyword, Visit } from '../visit.ts';

type Entry = readonly [string, JsonValue];

/** A keyword for objects only; it sees their own fields. */
function onObjects(check: (argument: JsonValue, entries: readonly Entry[], visit: Visit) => Result): Keyword {
  return (argument, visit) => {
    if (!isJsonObject(visit.value)) return FITS;
    const entries = presentEntries(visit.value);
    visit.budget.spend(entries.length);
    return check(argument, entries, visit);
  };
}

function has(object: JsonValue, key: string): boolean {
  return isJsonObject(object) && own(object, key) !== undefined;
}

const properties = onObjects((schemas, entries, { place, check }) => {
  if (!isJsonObject(schemas)) return MALFORMED;
  const byName = new Map(entries);
  return all(
    presentEntries(schemas).flatMap(([key, schema]) => {
      const value = byName.get(key);
      return value === undefined ? [] : [check(schema, value, below(place, key))];
    }),
  );
});

/** True if a pattern matches a name; the reason if that cannot be decided. */
function matchesName(source: string, name: string, { pattern, budget }: Visit): boolean | string {
  const read = pattern(source);
  return typeof read === 'string' ? read : read.test(name, budget.spend);
}

const patternProperties = onObjects((schemas, entries, visit) => {
  if (!isJsonObject(schemas)) return MALFORMED;
  const { place, check } = visit;
  return all(
    presentEntries(schemas).flatMap(([source, schema]) =>
      entries.flatMap(([key, value]) => {
        const match = matchesName(source, key, visit);
        if (match === false) return [];
        return [match === true ? check(schema, value, below(place, key)) : unsure(below(place, key), match)];
      }),
    ),
  );
});

const additionalProperties = onObjects((schema, entries, visit) => {
  const { place, check } = visit;
  const listed = isJsonObject(visit.schema.properties) ? visit.schema.properties : {};
  const sources = isJsonObject(visit.schema.patternProperties) ? Object.keys(visit.schema.patternProperties) : [];
  return all(
    entries.flatMap(([key, value]) => {
      if (Object.hasOwn(listed, key)) return [];
      const matches = sources.map((source) => matchesName(source, key, visit));
      if (matches.includes(true)) return [];
      const at = below(place, key);
      const found = schema === false ? misfit(at, 'is not known here') : check(schema, value, at);
      const reason = matches.find((each) => typeof each === 'string');
      return [found.kind === 'misfits' && reason !== undefined ? unsure(at, reason) : found];
    }),
  );
});

const required = onObjects((names, _entries, { value, place }) => {
  if (!Array.isArray(names)) return MALFORMED;
  const missing = names.filter((name): name is string => typeof name === 'string' && !has(value, name));
  return all(missing.map((name) => misfit(below(place, name), 'is required')));
});

const propertyNames = onObjects((schema, entries, { place, check }) =>
  all(
    entries.map(([key]) => {
      const at = below(place, key);
      return check(schema, key, at).kind === 'misfits' ? misfit(at, 'is not an allowed field name') : FITS;
    }),
  ),
);

function requiredWith(names: JsonValue, trigger: string, { value, place }: Visit): Result {
  if (!Array.isArray(names)) return MALFORMED;
  const missing = names.filter((name): name is string => typeof name === 'string' && !has(value, name));
  return all(missing.map((name) => misfit(below(place, name), `is required with ${trigger}`)));
}

function ofTriggers(then: (argument: JsonValue, trigger: string, visit: Visit) => Result): Keyword {
  return onObjects((rules, _entries, visit) => {
    if (!isJsonObject(rules)) return MALFORMED;
    const active = presentEntries(rules).filter(([trigger]) => has(visit.value, trigger));
    return all(active.map(([trigger, rule]) => then(rule, trigger, visit)));
  });
}

const alsoFits = (schema: JsonValue, _trigger: string, { value, place, check }: Visit): Result =>
  check(schema, value, place);

export const ofObjects: readonly (readonly [string, Keyword])[] = [
  ['required', required],
  ['properties', properties],
  ['patternProperties', patternProperties],
  ['additionalProperties', additionalProperties],
  ['propertyNames', propertyNames],
  ['dependentRequired', ofTriggers(requiredWith)],
  ['dependentSchemas', ofTriggers(alsoFits)],
  // Earlier drafts have one keyword for both.
  [
    'dependencies',
    ofTriggers((rule, ...rest) => (Array.isArray(rule) ? requiredWith(rule, ...rest) : alsoFits(rule, ...rest))),
  ],
  [
    'minProperties',
    onObjects((limit, entries, { place }) => {
      if (typeof limit !== 'number') return MALFORMED;
      return entries.length >= limit ? FITS : misfit(place, `needs at least ${limit} fields`);
    }),
  ],
  [
    'maxProperties',
    onObjects((limit, entries, { place }) => {
      if (typeof limit !== 'number') return MALFORMED;
      return entries.length <= limit ? FITS : misfit(place, `takes at most ${limit} fields`);
    }),
  ],
];
