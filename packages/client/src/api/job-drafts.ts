import { TaskError } from '../errors.ts';
import { observe } from '../machine/observe.ts';
import { bindMapping } from '../protocol/jobs/bind-mapping.ts';
import { checkMapping, checkTools } from '../protocol/jobs/check-mapping.ts';
import { createJobDialect } from '../protocol/jobs/dialect.ts';
import { formatJobId } from '../protocol/jobs/job-id.ts';
import { isListable, jobPages, type ListedJob } from '../protocol/jobs/list-jobs.ts';
import type { JobMapping, JobMappings } from '../protocol/jobs/mapping.ts';
import { newSnapshot } from '../protocol/jobs/snapshot.ts';
import { isJsonObject, type JsonObject, jsonOf } from '../task/json.ts';
import { own } from '../task/own.ts';
import type { TaskRecord } from '../task/record.ts';
import { isTerminal } from '../task/task.ts';
import type { ClientContext } from '../worker/client-context.ts';
import { draftRecord } from '../worker/new-record.ts';
import { listAll } from '../worker/tools.ts';
import type { CallRequest, ToolDescription } from './call-api.ts';
import type { FollowRequest } from './follow-request.ts';

type Tools = readonly ToolDescription[];

/**
 * The record of a call that starts a job. @throws {TaskError} `call-invalid` when its mapping does not fit the server
 */
export function draftStart(around: ClientContext, tools: Tools, mapping: JobMapping, request: CallRequest): TaskRecord {
  return draft(around, boundTo(tools, mapping, request.name), request);
}

/**
 * The record of a job that was started elsewhere: it is polled at once.
 * @throws {TaskError} `not-found` for no such mapping, `call-invalid`
 */
export async function draftFollowed(
  around: ClientContext,
  toolsOf: () => Promise<Tools>,
  mappings: JobMappings,
  { job, id, arguments: given = {} }: FollowRequest,
): Promise<TaskRecord> {
  const mapping = own(mappings, job);
  if (mapping === undefined) throw noSuchJob(job, Object.keys(mappings), around.connection.identity.label);
  const bound = boundTo(await toolsOf(), mapping, job);
  const record = draft(around, bound, { name: job, arguments: given });
  const taskId = formatJobId({ job, id, args: record.arguments }, bound);
  return {
    ...observed(record, { arguments: record.arguments, snapshot: newSnapshot(taskId, bound) }),
    nextPollAt: undefined,
  };
}

/** The records of the running jobs that a server lists. */
export async function draftAllListed(
  around: ClientContext,
  tools: Tools,
  jobs: readonly (readonly [string, JobMapping])[],
): Promise<readonly TaskRecord[]> {
  const found = await Promise.all(jobs.map(([job, mapping]) => draftListed(around, tools, job, mapping)));
  return found.flat();
}

/** None if the server does not list such jobs. */
async function draftListed(
  around: ClientContext,
  tools: Tools,
  job: string,
  mapping: JobMapping,
): Promise<readonly TaskRecord[]> {
  if (mapping.list === undefined || !isListable(mapping) || problemsOf(tools, mapping).length > 0) return [];
  const bound = bindMapping(mapping, asJson(tools));
  try {
    const pages = jobPages(job, bound, bound.list ?? mapping.list, {}, around.dialect);
    const listed = await listAll(around.connection, pages);
    const open = listed.filter(({ snapshot }) => !isTerminal(snapshot.status));
    return open.map((each) => observed(draft(around, bound, { name: job, arguments: each.arguments }), each));
  } catch {
    return []; // a failed job list does not hide what the server lists otherwise
  }
}

/** The tools, and one more for each job that can be started; a job replaces a tool with its name. */
export function describeJobs(jobs: readonly (readonly [string, JobMapping])[], tools: Tools): Tools {
  const described = jobs.flatMap(([name, mapping]): ToolDescription[] => {
    const { start, description } = mapping;
    const tool = tools.find((each) => each.name === start?.tool);
    if (start === undefined || tool === undefined || problemsOf(tools, mapping).length > 0) return [];
    const inputSchema = withoutFixed(tool.inputSchema, Object.keys(start.arguments ?? {}));
    const text = description ?? tool.description;
    const { annotations } = tool;
    return [{ name, description: text, inputSchema, annotations, taskSupport: 'required', isJob: true }];
  });
  const hidden = new Set(described.map(({ name }) => name));
  return [...described, ...tools.filter(({ name }) => !hidden.has(name))];
}

function noSuchJob(job: string, names: readonly string[], server: string): TaskError {
  const hint = names.length === 0 ? 'No mapping describes a job of this server.' : `Its jobs: ${names.join(', ')}`;
  return new TaskError('not-found', `No job "${job}" of ${server} is mapped`, { hint });
}

function draft(around: ClientContext, mapping: JobMapping, request: CallRequest): TaskRecord {
  const { clock, connection, dialect } = around;
  const record = draftRecord(clock, connection, createJobDialect(mapping, dialect), request);
  // The job lives behind its tools, in no session of the connection.
  return { ...record, sessionId: undefined, mapping: jsonOf({ ...mapping }) };
}

function observed(record: TaskRecord, { snapshot }: ListedJob): TaskRecord {
  return observe(record, { snapshot, polled: false, now: record.createdAt });
}

function problemsOf(tools: Tools, mapping: JobMapping): readonly string[] {
  return [...checkMapping(mapping), ...checkTools(mapping, asJson(tools))];
}

/** @throws {TaskError} `call-invalid` */
function boundTo(tools: Tools, mapping: JobMapping, job: string): JobMapping {
  const problems = problemsOf(tools, mapping);
  if (problems.length === 0) return bindMapping(mapping, asJson(tools));
  throw new TaskError('call-invalid', `The mapping of ${job} does not fit the server: ${problems.join('; ')}`, {
    hint: 'Correct the mapping; nothing was sent.',
    problems: problems.map((message) => ({ path: '', message })),
  });
}

function asJson(tools: Tools): readonly JsonObject[] {
  return tools.map(({ name, inputSchema, annotations }) => ({ name, inputSchema, annotations }));
}

/** The schema of the arguments that callers give: without those that the mapping sets. */
function withoutFixed(schema: JsonObject, fixed: readonly string[]): JsonObject {
  if (fixed.length === 0 || !isJsonObject(schema.properties)) return schema;
  const properties = Object.entries(schema.properties).filter(([name]) => !fixed.includes(name));
  const { required } = schema;
  const left = Array.isArray(required) ? required.filter((name) => !fixed.includes(String(name))) : undefined;
  return {
    ...schema,
    properties: Object.fromEntries(properties),
    ...(left === undefined ? {} : { required: left }),
  };
}
