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

/** One step of a tool. The position is on disk: a process may die between two steps. */
export type Step =
  | { readonly kind: 'work'; readonly forMs: number; readonly message: string }
  | { readonly kind: 'ask'; readonly questions: Questions; readonly message: string }
  | { readonly kind: 'await-page'; readonly withinMs: number; readonly message: string }
  | { readonly kind: 'return'; readonly result: ToolResult; readonly message?: string }
  | { readonly kind: 'fail'; readonly error: RpcError; readonly message?: string };

/** The only inputs of a plan. */
export interface Given {
  readonly args: JsonObject;
  /** Answers given before the task existed. */
  readonly before: Answers;
  /** Answers given so far. */
  readonly answers: Answers;
  /** URL of this task's own page on the demo. */
  readonly pageUrl: string;
  /** Questions that the client can answer; known only in a call without a task. */
  readonly declared?: readonly Need[];
}

/**
 * The steps of a tool. A plan is evaluated anew at each step: the same input must give the same steps, and an answer
 * may change only the steps after its question.
 */
export type Plan = (given: Given) => readonly Step[];

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
  /** Suggested poll interval, in ms at human pace. @default 1000 */
  readonly pollIntervalMs?: number;
  /** Malformed values to send instead, for testing clients. */
  readonly oddities?: (args: JsonObject) => Oddities;
  /** Questions asked before the task exists. Only `ask` steps. */
  readonly before?: Plan;
  readonly plan: Plan;
}

export interface Oddities {
  readonly ttlMs?: number | null;
  readonly pollHint?: unknown;
  readonly slowAcknowledgeMs?: number;
  readonly expireAfterMs?: number;
  /** Injected faults in the requests about this task, in the words of `--chaos`. */
  readonly chaos?: Chaos;
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
