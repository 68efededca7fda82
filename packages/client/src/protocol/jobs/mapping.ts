import type { JsonObject } from '../../task/json.ts';

/**
 * The place of a value in a tool result: a JSON pointer into `structuredContent`, else into the JSON in its text; or a
 * pattern whose first group is taken from the text.
 */
export type Selector = string | { readonly match: string };

/**
 * A condition on a tool result: each pointer has the value, or one of a list of values. `match` is a pattern that is
 * found in its text.
 */
export type Condition = JsonObject;

/**
 * A tool and its arguments. `{id}`, `{args.name}` and `{status./pointer}` are replaced: a placeholder that is the whole
 * value keeps its type, one inside a text becomes text. `{id:string}` and `{id:number}` convert.
 */
export interface MappedTool {
  /** The tool's name. */
  readonly tool: string;
  /** @default none */
  readonly arguments?: JsonObject | undefined;
}

/** The tool that starts a job, and the place of the id in its result. */
export interface JobStart {
  /** The tool's name. */
  readonly tool: string;
  /** Added to the arguments of the call, and overriding them. @default none */
  readonly arguments?: JsonObject | undefined;
  /** The place of the id: either this or `match`. */
  readonly id?: Selector | undefined;
  /** A pattern whose first group is the id, for prose. */
  readonly match?: string | undefined;
}

/** The states of a job. */
export type JobState = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

/** The status tool of a job. */
export interface JobStatus extends MappedTool {
  /** The place of the state. @default only the conditions of `map` decide */
  readonly state?: Selector | undefined;
  /** A pattern whose first group is the state, for prose. */
  readonly match?: string | undefined;
  /** The place of the status message. @default the state */
  readonly message?: Selector | undefined;
  /** The place of the error message. @default the status message */
  readonly error?: Selector | undefined;
  /**
   * The server's words, or conditions, for each state. Tested in order: completed, failed, cancelled, input_required,
   * working.
   */
  readonly map: Readonly<Partial<Record<JobState, readonly (string | number | boolean | Condition)[]>>>;
  /** Matches if the job is gone: a pattern in an error's text, or conditions on the result. */
  readonly missing?: string | readonly Condition[] | undefined;
  /** The tool blocks until the state changes: its timeout is two minutes. @default false */
  readonly waits?: boolean | undefined;
}

/** The tools that answer a question of the job. `{answer}` is the text of a person. */
export type JobAnswer = MappedTool | { readonly accept: MappedTool; readonly decline?: MappedTool | undefined };

/** The tool that lists the jobs of a server. */
export interface JobList extends MappedTool {
  /** A pointer to the list. */
  readonly items: string;
  /** A pointer within one item. */
  readonly id: string;
  /** A pointer within one item, mapped by the `map` of the status. @default unknown */
  readonly state?: string | undefined;
  /** A pointer within one item, for people. @default none */
  readonly title?: string | undefined;
  /** Arguments of the other tools, each by a pointer into one item. @default those of the request */
  readonly args?: Readonly<Record<string, string>> | undefined;
  /** One list replaces the polls of more than five open jobs. @default true if its tool is read-only or the mapping trusted */
  readonly polls?: boolean | undefined;
  /** The place of the next page's cursor, and the argument that takes it. @default one page */
  readonly next?: { readonly cursor: string; readonly argument: string } | undefined;
}

/** A mapping of a job behind ordinary tools of a server to a task. */
export interface JobMapping {
  /** For people. @default the description of the start tool */
  readonly description?: string | undefined;
  /** @default none: the job is started elsewhere, and followed by its id */
  readonly start?: JobStart | undefined;
  /** The status tool. */
  readonly status: JobStatus;
  /** A pointer into the last status, or a separate tool. @default the whole status */
  readonly result?: { readonly from: string } | MappedTool | undefined;
  /** @default none: questions are answered elsewhere */
  readonly answer?: JobAnswer | undefined;
  /** @default none: the job cannot be cancelled */
  readonly cancel?: MappedTool | undefined;
  /** @default none: jobs are not listed */
  readonly list?: JobList | undefined;
  /** In ms. @default 15_000 */
  readonly pollIntervalMs?: number | undefined;
  /** How long the server keeps the job, in ms; null: no limit. @default unknown */
  readonly ttlMs?: number | null | undefined;
  /** Allows a status tool that is not marked as read-only. @default false */
  readonly trusted?: boolean | undefined;
  /** The job lives only in the server's process, and ends with it. @default false */
  readonly endsWithServer?: boolean | undefined;
}

/** The jobs of one server, by the tool name under which each is called. */
export type JobMappings = Readonly<Record<string, JobMapping>>;

/** The mapping in a record: saved by this library after a check. */
export function mappingOf(kept: JsonObject): JobMapping {
  return kept as unknown as JobMapping;
}

/** All tools of a mapping except the start, with their purpose. */
export function toolsOf({
  status,
  result,
  answer,
  cancel,
  list,
}: JobMapping): readonly (readonly [string, MappedTool])[] {
  const answers = answer === undefined ? [] : 'tool' in answer ? [answer] : [answer.accept, answer.decline];
  const all: readonly (readonly [string, MappedTool | undefined])[] = [
    ['status', status],
    ['result', result !== undefined && 'tool' in result ? result : undefined],
    ...answers.map((each) => ['answer', each] as const),
    ['cancel', cancel],
    ['list', list],
  ];
  return all.flatMap(([use, tool]) => (tool === undefined ? [] : [[use, tool] as const]));
}
