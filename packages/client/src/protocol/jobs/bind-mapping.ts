import { isJsonObject, type JsonObject } from '../../task/json.ts';
import { own } from '../../task/own.ts';
import type { JobMapping, MappedTool } from './mapping.ts';
import { withTypes } from './template.ts';

/**
 * The mapping as saved on a record. A placeholder that is a whole value converts to the type in the tool's schema: a
 * server may return a number that its next tool expects as a text.
 */
export function bindMapping(mapping: JobMapping, tools: readonly JsonObject[]): JobMapping {
  const bind = <Tool extends MappedTool>(each: Tool): Tool => {
    const schema = tools.find(({ name }) => name === each.tool)?.inputSchema;
    const properties = isJsonObject(schema) && isJsonObject(schema.properties) ? schema.properties : {};
    if (each.arguments === undefined) return each;
    return { ...each, arguments: withTypes(each.arguments, (name) => typeIn(own(properties, name))) };
  };
  const { status, result, answer, cancel, list } = mapping;
  return {
    ...mapping,
    status: bind(status),
    ...(result === undefined ? {} : { result: 'tool' in result ? bind(result) : result }),
    ...(answer === undefined ? {} : { answer: bindAnswer(answer, bind) }),
    ...(cancel === undefined ? {} : { cancel: bind(cancel) }),
    ...(list === undefined ? {} : { list: { ...bind(list), polls: list.polls ?? mayPoll(mapping, list, tools) } }),
  };
}

/** True if the list may replace polls: its tool is called repeatedly, so it has to be read-only. */
function mayPoll({ trusted = false }: JobMapping, { tool }: MappedTool, tools: readonly JsonObject[]): boolean {
  const hints = tools.find(({ name }) => name === tool)?.annotations;
  return trusted || (isJsonObject(hints) && hints.readOnlyHint === true);
}

function bindAnswer(answer: NonNullable<JobMapping['answer']>, bind: (tool: MappedTool) => MappedTool) {
  if ('tool' in answer) return bind(answer);
  return {
    accept: bind(answer.accept),
    ...(answer.decline === undefined ? {} : { decline: bind(answer.decline) }),
  };
}

/** The type, if the schema allows only strings or only numbers. */
function typeIn(schema: unknown): 'string' | 'number' | undefined {
  if (!isJsonObject(schema)) return undefined;
  const branches = Array.isArray(schema.anyOf) ? schema.anyOf.filter(isJsonObject) : [schema];
  const types = branches.map(({ type }) => type).filter((type) => type !== 'null');
  if (types.length > 0 && types.every((type) => type === 'string')) return 'string';
  return types.length > 0 && types.every((type) => type === 'integer' || type === 'number') ? 'number' : undefined;
}
