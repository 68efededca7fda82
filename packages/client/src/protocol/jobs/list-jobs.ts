import type { JsonObject, JsonValue } from '../../task/json.ts';
import type { TaskSnapshot } from '../../task/task.ts';
import type { Ask, Decoded, Page, TaskDialect } from '../dialect.ts';
import { MAX_ITEMS } from '../mcp/pages.ts';
import { formatJobId, isJobId } from './job-id.ts';
import { readState, type StateRead } from './job-state.ts';
import type { JobList, JobMapping } from './mapping.ts';
import { readPointer } from './pointer.ts';
import { newSnapshot } from './snapshot.ts';
import { fill, placeholdersIn } from './template.ts';
import { displayText, readToolAnswer, select } from './tool-answer.ts';

/** One entry of a server's list of jobs. */
export interface ListedJob {
  readonly arguments: JsonObject;
  readonly snapshot: TaskSnapshot;
}

/** Whether the list needs no arguments from a person. */
export function isListable({ list }: JobMapping): boolean {
  return list !== undefined && placeholdersIn(list.arguments).length === 0;
}

/** The items of one page of a list, as the server has them. */
export function readItems(raw: JsonValue, list: JobList, base: TaskDialect): Decoded<Page<JsonValue>> {
  const decoded = base.decodeCall(raw, { id: '', name: list.tool, arguments: {}, asTask: false });
  if (decoded.kind === 'invalid') return decoded;
  const answer = decoded.value.kind === 'complete' ? readToolAnswer(decoded.value.result) : undefined;
  const items = answer === undefined || answer.isError ? undefined : select(answer, list.items);
  if (answer === undefined || !Array.isArray(items))
    return { kind: 'invalid', problem: `${list.tool} returned no list at ${list.items || 'its root'}`, raw: null };
  if (items.length > MAX_ITEMS) {
    const problem = `${list.tool} returned ${items.length} items; more than ${MAX_ITEMS} are not accepted`;
    return { kind: 'invalid', problem, raw: null };
  }
  const next = list.next === undefined ? undefined : select(answer, list.next.cursor);
  return {
    kind: 'value',
    value: { items, next: next === undefined || next === '' ? undefined : JSON.stringify(next) },
  };
}

/** The request of one page. */
export function askForPage(list: JobList, args: JsonObject, cursor: string | undefined, base: TaskDialect): Ask {
  const filled = fill(list.arguments ?? {}, { id: null, args });
  const paged = cursor === undefined || list.next === undefined ? {} : { [list.next.argument]: fromText(cursor) };
  return base.call({ id: '', name: list.tool, arguments: { ...filled, ...paged }, asTask: false });
}

/** The arguments of the other tools: those in the item override those of the request. */
export function argumentsOf(item: JsonValue, list: JobList, args: JsonObject): JsonObject {
  const own = Object.entries(list.args ?? {}).map(([name, pointer]) => [name, readPointer(item, pointer)] as const);
  return { ...args, ...Object.fromEntries(own) };
}

/** Undefined if the item has no state. */
export function stateOf(item: JsonValue, { status }: JobMapping, list: JobList): StateRead | undefined {
  if (list.state === undefined) return undefined;
  const answer = { result: {}, isError: false, text: '', values: [item] };
  return readState({ ...status, state: list.state, match: undefined }, answer);
}

/** The requests and the decoder of a server's list of jobs, page by page. */
export function jobPages(job: string, mapping: JobMapping, list: JobList, args: JsonObject, base: TaskDialect) {
  return {
    ask: (cursor: string | undefined): Ask => askForPage(list, args, cursor, base),
    decode(raw: JsonValue): Decoded<Page<ListedJob>> {
      const page = readItems(raw, list, base);
      if (page.kind === 'invalid') return page;
      const { items, next } = page.value;
      const read = items.flatMap((item) => readItem(item, { job, mapping, list, args }) ?? []);
      return { kind: 'value', value: { items: read, next } };
    },
  };
}

interface ItemContext {
  readonly job: string;
  readonly mapping: JobMapping;
  readonly list: JobList;
  readonly args: JsonObject;
}

function readItem(item: JsonValue, { job, mapping, list, args }: ItemContext): ListedJob | undefined {
  const id = readPointer(item, list.id);
  if (!isJobId(id)) return undefined;
  const merged = argumentsOf(item, list, args);
  const read = stateOf(item, mapping, list);
  const title = list.title === undefined ? undefined : displayText(readPointer(item, list.title));
  const snapshot = newSnapshot(formatJobId({ job, id, args: merged }, mapping), mapping);
  const status = read?.state ?? 'working';
  return { arguments: merged, snapshot: { ...snapshot, status, statusMessage: title ?? read?.word } };
}

/** A numeric cursor is sent back as a number. */
function fromText(cursor: string): JsonValue {
  return JSON.parse(cursor) as JsonValue;
}
