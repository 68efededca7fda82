import type { JsonValue } from '../../task/json.ts';
import { all, FITS, MALFORMED, misfit, type Place, pathOf, type Result, reasonsOf, unsure } from '../result.ts';
import type { Keyword, Visit } from '../visit.ts';

/** A keyword over a list of schemas, each checked against the value. */
function ofAlternatives(judge: (results: readonly Result[], visit: Visit) => Result): Keyword {
  return (schemas, visit) => {
    if (!Array.isArray(schemas)) return MALFORMED;
    return judge(
      schemas.map((each: JsonValue) => visit.check(each, visit.value, visit.place)),
      visit,
    );
  };
}

/** Reports the requirement of each alternative; for a close match, the problems inside it. */
function explainMisfit(results: readonly Result[], place: Place): Result {
  const wrong = results.flatMap((each) => (each.kind === 'misfits' ? [each.problems] : []));
  const here = pathOf(place);
  const near = wrong.filter((problems) => problems.every(({ path }) => path !== here));
  const [only, ...others] = near;
  if (only !== undefined && others.length === 0) return { kind: 'misfits', problems: only };
  const wanted = wrong.flatMap((problems) => problems.filter(({ path }) => path === here));
  const requirements = [...new Set(wanted.map(({ message }) => message))];
  if (requirements.length === 0) return misfit(place, 'fits none of the alternatives');
  const options = requirements.map((each) => each.replace(/^must be (one of: )?/, ''));
  if (requirements.length > 1 && requirements.every((each) => each.startsWith('must be '))) {
    return misfit(place, `must be one of: ${options.join(', ')}`);
  }
  return misfit(place, requirements.join(', or '));
}

const anyOf = ofAlternatives((results, { place }) => {
  if (results.some(({ kind }) => kind === 'fits')) return FITS;
  if (results.some(({ kind }) => kind === 'unsure')) return { kind: 'unsure', reasons: reasonsOf(results) };
  return explainMisfit(results, place);
});

const oneOf = ofAlternatives((results, { place }) => {
  const sure = results.filter(({ kind }) => kind === 'fits').length;
  const possible = results.filter(({ kind }) => kind !== 'misfits').length;
  if (possible === 0) return explainMisfit(results, place);
  if (sure > 1) return misfit(place, 'fits more than one of the alternatives');
  return possible === 1 && sure === 1 ? FITS : { kind: 'unsure', reasons: reasonsOf(results) };
});

const not: Keyword = (schema, { value, place, check }) => {
  const result = check(schema, value, place);
  if (result.kind === 'unsure') return result;
  return result.kind === 'misfits' ? FITS : misfit(place, 'is a value that the schema excludes');
};

const conditional: Keyword = (condition, { schema, value, place, check }) => {
  const { then: whenTrue = true, else: whenFalse = true } = schema;
  const met = check(condition, value, place);
  if (met.kind === 'fits') return check(whenTrue, value, place);
  if (met.kind === 'misfits') return check(whenFalse, value, place);
  const both = [check(whenTrue, value, place), check(whenFalse, value, place)];
  if (both.every(({ kind }) => kind === 'fits')) return FITS;
  return both.every(({ kind }) => kind === 'misfits') ? all(both) : met;
};

const reference: Keyword = (target, { follow }) => (typeof target === 'string' ? follow(target) : MALFORMED);

function uncheckable(name: string): Keyword {
  return (_argument, { place }) => unsure(place, `${name} cannot be checked here`);
}

export const combining: readonly (readonly [string, Keyword])[] = [
  ['$ref', reference],
  ['allOf', ofAlternatives(all)],
  ['anyOf', anyOf],
  ['oneOf', oneOf],
  ['not', not],
  ['if', conditional],
  ...['$dynamicRef', '$recursiveRef', 'unevaluatedProperties', 'unevaluatedItems'].map(
    (name): readonly [string, Keyword] => [name, uncheckable(name)],
  ),
];
