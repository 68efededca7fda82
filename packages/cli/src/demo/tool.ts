import type { Chaos } from './chaos.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A question to the person or the model behind the client. */
export interface Question {
  readonly method: 'elicitation/create' | 'sampling/createMessage' | 'roots/list';
  readonly params: JsonObject;
}

export type Questions = Readonly<Record<string, Question>>;
export type Answers = Readonly<Record<string, JsonObject>>;

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

export interface ToolResult {
  readonly content: readonly JsonObject[];
  readonly structuredContent?: JsonObject;
  readonly isError?: boolean;
}

/** The input of a running tool. */
export interface Given {
  readonly args: JsonObject;
  /** Answers given before the task existed. */
  readonly before: Answers;
  /** URL of this task's own page on the demo. */
  readonly pageUrl: string;
  /** Questions that the client can answer; known only in a call without a task. */
  readonly declared?: readonly Need[];
}

/** The input of a running tool, and the steps that it can take. */
export interface ToolContext extends Given {
  /** Aborted when the task is cancelled, or its process stops. */
  readonly signal: AbortSignal;
  /** Reports progress, and sleeps for this long at human pace, in ms. */
  readonly work: (message: string, forMs: number) => Promise<void>;
  /** Asks, and resolves to the answers once each question has one. */
  readonly ask: (message: string, questions: Questions) => Promise<Answers>;
  /** Waits until a person has agreed on the task's page. @throws {ToolFailure} after `withinMs` */
  readonly page: (message: string, withinMs: number) => Promise<void>;
}

/** The end of a tool. */
export interface Ending {
  readonly result: ToolResult;
  /** The last status message. @default 'Done' */
  readonly message?: string;
}

/**
 * A tool. After a kill the function runs again from its beginning, and the steps on record return at once: the same
 * input and answers must give the same steps.
 */
export type ToolFunction = (context: ToolContext) => Promise<Ending>;

export type Need = 'form' | 'url' | 'sampling' | 'roots';

export interface DemoTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
  readonly annotations?: JsonObject;
  readonly taskSupport: 'forbidden' | 'optional' | 'required';
  /** Capabilities that the client must declare. */
  readonly needs?: readonly Need[];
  /** Whether the tool sends log messages. @default false */
  readonly logs?: boolean;
  /** Whether a request to cancel stops the work. @default true */
  readonly cancellable?: boolean;
  /** Time to live of a task, in ms. @default an hour */
  readonly ttlMs?: number;
  /** Malformed values to send instead, for testing clients. */
  readonly oddities?: (args: JsonObject) => Oddities;
  /** Number of steps of work, for the total of the progress. @default not sent */
  readonly workSteps?: (args: JsonObject) => number;
  /** Questions asked before the task exists. Only asks. */
  readonly before?: (context: ToolContext) => Promise<undefined>;
  readonly run: ToolFunction;
}

export interface Oddities {
  readonly ttlMs?: number | null;
  readonly pollHint?: unknown;
  readonly slowAcknowledgeMs?: number;
  readonly expireAfterMs?: number;
  /** Injected faults in the requests about this task, in the words of `--chaos`. */
  readonly chaos?: Chaos;
}

/** Thrown by a tool whose task is to end as failed. */
export class ToolFailure extends Error {
  readonly error: RpcError;

  constructor(error: RpcError) {
    super(error.message);
    this.error = error;
  }
}

export function text(value: string): ToolResult {
  return { content: [{ type: 'text', text: value }] };
}

export function form(message: string, properties: JsonObject, required: readonly string[] = []): Question {
  return {
    method: 'elicitation/create',
    params: { mode: 'form', message, requestedSchema: { type: 'object', properties, required } },
  };
}

/** The content of an accepted form; `undefined` when it was declined, cancelled or is still open. */
export function accepted(answers: Answers, key: string): JsonObject | undefined {
  const answer = answers[key];
  if (answer?.action !== 'accept') return undefined;
  return (answer.content ?? {}) as JsonObject;
}

export function action(answers: Answers, key: string): string {
  return String(answers[key]?.action ?? 'unanswered');
}
