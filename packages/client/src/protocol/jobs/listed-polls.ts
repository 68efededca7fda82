import { canonical } from '../../task/digest.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import type { ListedPolls, TaskDialect, TaskRef } from '../dialect.ts';
import { formatJobId, isJobId, jobOf } from './job-id.ts';
import type { StateRead } from './job-state.ts';
import { argumentsOf, askForPage, readItems, stateOf } from './list-jobs.ts';
import type { JobList, JobMapping } from './mapping.ts';
import { readPointer } from './pointer.ts';
import { newSnapshot } from './snapshot.ts';
import { placeholdersIn, statusArguments } from './template.ts';
import { displayText } from './tool-answer.ts';

/** Polls many jobs with one list request. Undefined if the items do not show for certain which jobs are working. */
export function listedPolls(mapping: JobMapping, base: TaskDialect): ListedPolls | undefined {
  const { list } = mapping;
  if (list === undefined || !isCertain(mapping, list)) return undefined;
  return {
    group({ taskId, arguments: args }) {
      const { params } = askForPage(list, args, undefined, base);
      return canonical([mapping as unknown as JsonObject, jobOf(taskId), params]);
    },
    ask: ({ arguments: args }, cursor) => askForPage(list, args, cursor, base),
    decode(raw, tasks) {
      const page = readItems(raw, list, base);
      if (page.kind === 'invalid') return page;
      const byId = new Map(tasks.map((task) => [task.taskId, task]));
      const [first] = tasks;
      const others: string[] = [];
      const items = page.value.items.flatMap((item) => {
        const task = first === undefined ? undefined : byId.get(taskIdOf(item, first, mapping, list) ?? '');
        if (task === undefined) return [];
        const read = stateOf(item, mapping, list);
        if (read?.state !== 'working' || !read.isKnown) {
          others.push(task.taskId);
          return [];
        }
        const statusMessage = messageOf(item, read, task, mapping, list);
        return [{ ...newSnapshot(task.taskId, mapping), statusMessage }];
      });
      return { kind: 'value', value: { items, others, next: page.value.next } };
    },
  };
}

/** True if each item has its state as a word, and each argument that identifies a job is in the item or the request. */
function isCertain(mapping: JobMapping, list: JobList): boolean {
  const { status } = mapping;
  if (list.polls !== true || list.state === undefined || status.waits === true) return false;
  const isWords = Object.values(status.map).every((entries = []) => !entries.some(isJsonObject));
  const chosen = placeholdersIn(list.arguments);
  const isGiven = (name: string) => Object.hasOwn(list.args ?? {}, name) || chosen.includes(`args.${name}`);
  return isWords && statusArguments(mapping).every(isGiven);
}

function taskIdOf(item: JsonValue, { taskId, arguments: args }: TaskRef, mapping: JobMapping, list: JobList) {
  const id = readPointer(item, list.id);
  if (!isJobId(id)) return undefined;
  return formatJobId({ job: jobOf(taskId), id, args: argumentsOf(item, list, args) }, mapping);
}

/** The status message in the item, if the item has the shape of a status; else the last status message. */
function messageOf(
  item: JsonValue,
  { word }: StateRead,
  { statusMessage }: TaskRef,
  { status }: JobMapping,
  list: JobList,
) {
  const { message, state } = status;
  if (message === undefined) return word;
  if (state !== list.state || typeof message !== 'string') return statusMessage ?? word;
  return displayText(readPointer(item, message)) ?? word;
}
