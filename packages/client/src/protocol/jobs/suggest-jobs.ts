import { isJsonObject, type JsonObject } from '../../task/json.ts';
import type { JobMapping, JobMappings } from './mapping.ts';

const STARTS =
  /^(?:start|create|run|submit|trigger|launch|begin|post|generate)[_-](.+)$|^(.+)[_-](?:start|create|run|submit|trigger|launch)$/;
const ASKS =
  /^(?:get|check|query|poll|show|describe)[_-](.+?)(?:[_-](?:status|state|result))?$|^(.+)[_-](?:status|check|poll|get)$/;
const CANCELS = /^(?:cancel|stop|abort)[_-](.+)$|^(.+)[_-](?:cancel|stop|abort)$/;
const ID = /(?:^|[_-])(?:id|key|number)$|(?:Id|ID|Key|Number)$/;

/** Common state words; the person who saves the draft removes those that the server does not use. */
const WORDS: JobMapping['status']['map'] = {
  working: ['queued', 'pending', 'running', 'processing', 'in_progress'],
  completed: ['completed', 'succeeded', 'success', 'done'],
  failed: ['failed', 'error'],
  cancelled: ['cancelled', 'canceled', 'aborted'],
};

/** Drafts mappings from tool names alone. A draft is not used until a person has saved it. */
export function suggestJobs(tools: readonly JsonObject[]): JobMappings {
  const named = tools.flatMap((tool) => (typeof tool.name === 'string' ? [{ ...tool, name: tool.name }] : []));
  const drafts = named.flatMap((tool): [string, JobMapping][] => {
    const job = partOf(tool.name, STARTS);
    const status =
      job === undefined ? undefined : named.find((each) => isAbout(each.name, ASKS, job) && idOf(each) !== undefined);
    const argument = status === undefined ? undefined : idOf(status);
    if (job === undefined || status === undefined || argument === undefined) return [];
    const cancel = named.find((each) => isAbout(each.name, CANCELS, job) && idOf(each) !== undefined);
    return [
      [
        job,
        draft(tool.name, status.name, argument, cancel === undefined ? undefined : [cancel.name, idOf(cancel) ?? '']),
      ],
    ];
  });
  return Object.fromEntries(drafts);
}

function draft(
  start: string,
  status: string,
  argument: string,
  cancel: readonly [string, string] | undefined,
): JobMapping {
  return {
    start: { tool: start, id: `/${argument}` },
    status: {
      tool: status,
      arguments: { [argument]: '{id}' },
      state: '/status',
      message: '/message',
      map: WORDS,
      missing: 'not found',
    },
    ...(cancel === undefined ? {} : { cancel: { tool: cancel[0], arguments: { [cancel[1]]: '{id}' } } }),
  };
}

/** The object of a tool name, in the singular. */
function partOf(name: string, pattern: RegExp): string | undefined {
  const [, before, after] = pattern.exec(name) ?? [];
  return (before ?? after)?.replace(/s$/, '');
}

function isAbout(name: string, pattern: RegExp, job: string): boolean {
  const about = partOf(name, pattern);
  return about !== undefined && (about === job || about.startsWith(`${job}_`) || about.startsWith(`${job}-`));
}

/** The only required argument of a tool, or the only one that looks like an id. */
function idOf({ inputSchema }: JsonObject): string | undefined {
  if (!isJsonObject(inputSchema) || !isJsonObject(inputSchema.properties)) return undefined;
  const ids = Object.keys(inputSchema.properties).filter((name) => ID.test(name));
  return ids.length === 1 ? ids[0] : undefined;
}
