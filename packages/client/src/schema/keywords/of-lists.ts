import type { JsonValue } from '../../task/json.ts';
import { canonical } from '../canonical.ts';
import { all, below, FITS, MALFORMED, misfit, type Result, reasonsOf } from '../result.ts';
import type { Keyword, Visit } from '../visit.ts';

function asList(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** Checks each item with the schema at its index; items without one pass. */
function eachInTurn(schemas: readonly JsonValue[], items: readonly JsonValue[], visit: Visit): Result {
  const both = Math.min(schemas.length, items.length);
  return all(items.slice(0, both).map((item, at) => visit.check(schemas[at] ?? true, item, below(visit.place, at))));
}

function allFrom(start: number, schema: JsonValue, items: readonly JsonValue[], visit: Visit): Result {
  return all(items.slice(start).map((item, at) => visit.check(schema, item, below(visit.place, start + at))));
}

const prefixItems: Keyword = (schemas, visit) => {
  const items = asList(visit.value);
  if (items === undefined) return FITS;
  const list = asList(schemas);
  return list === undefined ? MALFORMED : eachInTurn(list, items, visit);
};

const items: Keyword = (schema, visit) => {
  const list = asList(visit.value);
  if (list === undefined) return FITS;
  // Earlier drafts have a list of schemas here, and the schema of further items in `additionalItems`.
  const inTurn = asList(schema);
  if (inTurn !== undefined) return eachInTurn(inTurn, list, visit);
  return allFrom(asList(visit.schema.prefixItems)?.length ?? 0, schema, list, visit);
};

const additionalItems: Keyword = (schema, visit) => {
  const list = asList(visit.value);
  const before = asList(visit.schema.items);
  return list === undefined || before === undefined ? FITS : allFrom(before.length, schema, list, visit);
};

const contains: Keyword = (schema, visit) => {
  const list = asList(visit.value);
  if (list === undefined) return FITS;
  const { minContains: least = 1, maxContains: most = Number.POSITIVE_INFINITY } = visit.schema;
  if (typeof least !== 'number' || typeof most !== 'number') return MALFORMED;
  const results = list.map((item, at) => visit.check(schema, item, below(visit.place, at)));
  const sure = results.filter(({ kind }) => kind === 'fits').length;
  const possible = results.filter(({ kind }) => kind !== 'misfits').length;
  if (possible < least) return misfit(visit.place, `needs at least ${least} matching entries`);
  if (sure > most) return misfit(visit.place, `allows at most ${most} matching entries and has ${sure}`);
  return sure >= least && possible <= most ? FITS : { kind: 'unsure', reasons: reasonsOf(results) };
};

const minItems: Keyword = (limit, { value, place }) => {
  const list = asList(value);
  if (list === undefined) return FITS;
  if (typeof limit !== 'number') return MALFORMED;
  return list.length >= limit ? FITS : misfit(place, `needs at least ${limit}`);
};

const maxItems: Keyword = (limit, { value, place }) => {
  const list = asList(value);
  if (list === undefined) return FITS;
  if (typeof limit !== 'number') return MALFORMED;
  return list.length <= limit ? FITS : misfit(place, `takes at most ${limit}`);
};

const uniqueItems: Keyword = (isWanted, { value, place, budget }) => {
  const list = asList(value);
  if (list === undefined || isWanted !== true) return FITS;
  const different = new Set(list.map((each) => canonical(each, budget)));
  return different.size === list.length ? FITS : misfit(place, 'must not contain duplicates');
};

export const ofLists: readonly (readonly [string, Keyword])[] = [
  ['prefixItems', prefixItems],
  ['items', items],
  ['additionalItems', additionalItems],
  ['contains', contains],
  ['minItems', minItems],
  ['maxItems', maxItems],
  ['uniqueItems', uniqueItems],
];
