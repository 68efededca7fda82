import type { JsonObject } from '../../task/json.ts';

/**
 * Where something stands in the answer of a tool: a JSON pointer into `structuredContent`, else into the JSON in its
 * text; or a pattern, whose first group is taken from the text.
 */
export type Selector = string | { readonly match: string };

/**
 * What holds of an answer: each pointer has the value, or one of the list of values. Under `match` stands a pattern
 * that is found in its text.
 */
export type Condition = JsonObject;

/**
 * A tool and its arguments. `{id}`, `{args.name}` and `{status./pointer}` are filled in: one that is the whole value
 * keeps its type, one within a text becomes text. `{id:string}` and `{id:number}` convert.
 */
export interface MappedTool {
  /** Its name. */
  readonly tool: string;
  /** @default none */
  readonly arguments?: JsonObject | undefined;
}

/** How a job is begun, and where its id stands in what comes back. */
export interface JobStart {
  /** Its name. */
  readonly tool: string;
  /** Put over the arguments of the call. @default none */
  readonly arguments?: JsonObject | undefined;
  /** Where the id stands: this, or `match`. */
  readonly id?: Selector | undefined;
  /** A pattern whose first group is the id, for prose. */
  readonly match?: string | undefined;
}

/** What a job can be, in our words. */
export type JobState = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

/** How a job is asked about. */
export interface JobStatus extends MappedTool {
  /** Where its state stands. @default the conditions of `map` alone decide */
  readonly state?: Selector | undefined;
  /** A pattern whose first group is the state, for prose. */
  readonly match?: string | undefined;
  /** What it says to people. @default its state */
  readonly message?: Selector | undefined;
  /** Why it failed. @default its message */
  readonly error?: Selector | undefined;
  /** Its words for each of ours, or what holds then. Tried: completed, failed, cancelled, input_required, working. */
  readonly map: Readonly<Partial<Record<JobState, readonly (string | number | boolean | Condition)[]>>>;
  /** What means that the job is gone: a pattern in an error's text, or what holds of the answer. */
  readonly missing?: string | readonly Condition[] | undefined;
  /** The tool waits with its answer: it is given two minutes. @default false */
  readonly waits?: boolean | undefined;
}

/** How a question of the job is answered. `{answer}` is the text that a person gave. */
export type JobAnswer = MappedTool | { readonly accept: MappedTool; readonly decline?: MappedTool | undefined };

/** How the jobs of a server are listed. */
export interface JobList extends MappedTool {
  /** Where the list stands. */
  readonly items: string;
  /** Within one item. */
  readonly id: string;
  /** Within one item, read by the `map` of the status. @default unknown */
  readonly state?: string | undefined;
  /** Within one item, for people. @default none */
  readonly title?: string | undefined;
  /** Arguments of the other tools, each by a pointer into one item. @default those of the request */
  readonly args?: Readonly<Record<string, string>> | undefined;
  /** Where the cursor of the next page stands, and the argument that takes it. @default one page */
  readonly next?: { readonly cursor: string; readonly argument: string } | undefined;
}

/** How a job behind ordinary tools of a server is followed as a task. */
export interface JobMapping {
  /** For people. @default the description of the start tool */
  readonly description?: string | undefined;
  /** @default it is begun elsewhere, and followed by its id */
  readonly start?: JobStart | undefined;
  /** How it is asked about. */
  readonly status: JobStatus;
  /** A pointer into the last status, or a tool of its own. @default the whole status */
  readonly result?: { readonly from: string } | MappedTool | undefined;
  /** @default its questions are answered elsewhere */
  readonly answer?: JobAnswer | undefined;
  /** @default it cannot be cancelled */
  readonly cancel?: MappedTool | undefined;
  /** @default its jobs are not listed */
  readonly list?: JobList | undefined;
  /** In ms. @default 15_000 */
  readonly pollIntervalMs?: number | undefined;
  /** How long the server keeps it, in ms; null: without limit. @default not said */
  readonly ttlMs?: number | null | undefined;
  /** The status tool may be called although it is not marked as read-only. @default false */
  readonly trusted?: boolean | undefined;
  /** The job is kept in the process of the server alone, and ends with it. @default false */
  readonly endsWithServer?: boolean | undefined;
}

/** The jobs of one server, each under the name by which it is called. */
export type JobMappings = Readonly<Record<string, JobMapping>>;

/** A mapping that a record kept: written by this library, after it was checked. */
export function mappingOf(kept: JsonObject): JobMapping {
  return kept as unknown as JobMapping;
}

/** All tools that a mapping calls beside the start, with what each is for. */
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
