import { createFindGroup } from '../../schema/pattern/find-group.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { own } from '../../task/own.ts';
import { type JobMapping, type MappedTool, type Selector, toolsOf } from './mapping.ts';
import { isPointer } from './pointer.ts';
import { placeholdersIn } from './template.ts';

/** The problems of a mapping by itself; empty if it is usable. */
export function checkMapping(mapping: JobMapping): readonly string[] {
  const { start, status, result, list } = mapping;
  const from = result === undefined || 'tool' in result ? undefined : result.from;
  const selectors: readonly (readonly [string, Selector | undefined])[] = [
    ['start.id', start?.id],
    ['start.match', start?.match === undefined ? undefined : { match: start.match }],
    ['status.state', status.state],
    ['status.match', status.match === undefined ? undefined : { match: status.match }],
    ['status.message', status.message],
    ['status.error', status.error],
    ['status.missing', typeof status.missing === 'string' ? { match: status.missing } : undefined],
    ['result', from],
    ...(list === undefined ? [] : listSelectors(list)),
  ];
  const hasNoId = start !== undefined && start.id === undefined && start.match === undefined;
  return [
    ...(hasNoId ? ['start names no id and no match'] : []),
    ...selectors.flatMap(([place, selector]) => (selector === undefined ? [] : checkSelector(place, selector))),
    ...conditionsOf(mapping).flatMap(([place, condition]) => checkCondition(place, condition)),
    ...toolsOf(mapping).flatMap(([use, tool]) => checkPlaceholders(use, tool)),
  ];
}

/** The parts of a mapping that the server's tools lack. */
export function checkTools(mapping: JobMapping, tools: readonly JsonObject[]): readonly string[] {
  const { start, status, trusted = false } = mapping;
  const begins: readonly (readonly [string, MappedTool])[] = start === undefined ? [] : [['start', start]];
  const problems = [...begins, ...toolsOf(mapping)].flatMap(([use, { tool, arguments: template = {} }]) => {
    const found = tools.find(({ name }) => name === tool);
    if (found === undefined) return [`${use}: the server has no tool ${tool}`];
    return argumentProblems(use, tool, Object.keys(template), found, use === 'start');
  });
  const asked = tools.find(({ name }) => name === status.tool);
  const hints = asked === undefined ? undefined : asked.annotations;
  const isReadOnly = isJsonObject(hints) && hints.readOnlyHint === true;
  if (asked === undefined || isReadOnly || trusted) return problems;
  return [...problems, `status: ${status.tool} is not marked as read-only; add "trusted": true if it only reads`];
}

function argumentProblems(use: string, tool: string, given: readonly string[], found: JsonObject, isPartial: boolean) {
  const schema = isJsonObject(found.inputSchema) ? found.inputSchema : {};
  const { properties, required } = schema;
  if (!isJsonObject(properties)) return [];
  const unknown =
    schema.additionalProperties === true ? [] : given.filter((name) => own(properties, name) === undefined);
  const wanted = Array.isArray(required) && !isPartial ? required : [];
  const missing = wanted.filter((name): name is string => typeof name === 'string' && !given.includes(name));
  return [
    ...unknown.map((name) => `${use}: ${tool} takes no argument ${name}`),
    ...missing.map((name) => `${use}: ${tool} needs the argument ${name}`),
  ];
}

function listSelectors({ items, id, state, title, args = {}, next }: NonNullable<JobMapping['list']>) {
  return [
    ['list.items', items],
    ['list.id', id],
    ['list.state', state],
    ['list.title', title],
    ['list.next.cursor', next?.cursor],
    ...Object.entries(args).map(([name, pointer]) => [`list.args.${name}`, pointer] as const),
  ] as const;
}

function conditionsOf({ status }: JobMapping): readonly (readonly [string, JsonObject])[] {
  const mapped = Object.entries(status.map).flatMap(([state, entries = []]) =>
    entries.filter(isJsonObject).map((entry) => [`status.map.${state}`, entry] as const),
  );
  const missing = typeof status.missing === 'string' ? [] : (status.missing ?? []);
  return [...mapped, ...missing.map((entry) => ['status.missing', entry] as const)];
}

function checkCondition(place: string, condition: JsonObject): readonly string[] {
  return Object.entries(condition).flatMap(([where, wanted]: [string, JsonValue | undefined]) => {
    if (where !== 'match') return checkSelector(place, where);
    return typeof wanted === 'string' ? checkSelector(place, { match: wanted }) : [`${place}: match is not a pattern`];
  });
}

function checkSelector(place: string, selector: Selector): readonly string[] {
  if (typeof selector === 'string') return isPointer(selector) ? [] : [`${place}: ${selector} is not a JSON pointer`];
  try {
    createFindGroup(selector.match);
    return [];
  } catch (error) {
    return [`${place}: the pattern cannot be used, ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** The placeholders that are allowed, by the purpose of a tool. */
function checkPlaceholders(use: string, { tool, arguments: template }: MappedTool): readonly string[] {
  return placeholdersIn(template).flatMap((name) => {
    const isThere = name === 'answer' ? use === 'answer' : name.startsWith('status.') ? use !== 'status' : true;
    const isOfOne = use !== 'list' || name.startsWith('args.');
    return isThere && isOfOne ? [] : [`${use}: {${name}} has no value when ${tool} is called`];
  });
}
