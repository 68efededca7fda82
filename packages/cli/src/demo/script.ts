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

/** One step of a tool. Between two steps a process may die: where a task stands is on disk. */
export type Step =
  | { readonly kind: 'work'; readonly forMs: number; readonly message: string }
  | { readonly kind: 'ask'; readonly questions: Questions; readonly message: string }
  | { readonly kind: 'await-page'; readonly withinMs: number; readonly message: string }
  | { readonly kind: 'return'; readonly result: ToolResult; readonly message?: string }
  | { readonly kind: 'fail'; readonly error: RpcError; readonly message?: string };

/** All that a plan may depend on. */
export interface Given {
  readonly args: JsonObject;
  /** What was answered before the task existed. */
  readonly before: Answers;
  /** What has been answered so far. */
  readonly answers: Answers;
  /** A page of this demo that belongs to this task alone. */
  readonly pageUrl: string;
  /** What the client can answer; known in a plain call only. */
  readonly declared?: readonly Need[];
}

/**
 * The steps of a tool. It is asked again at every step, with what is known by then: the same input must
 * give the same steps, and an answer may change only the steps after its question.
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
  /** What the client must be able to answer. */
  readonly needs?: readonly Need[];
  /** Whether it logs what it works on. @default false */
  readonly logs?: boolean;
  /** Whether a request to cancel stops the work. @default true */
  readonly cancellable?: boolean;
  /** How long the task is kept, in ms. @default an hour */
  readonly ttlMs?: number;
  /** What to suggest as poll interval, in ms at human pace. @default 1000 */
  readonly pollIntervalMs?: number;
  /** Odd values to send instead, for people who build clients. */
  readonly oddities?: (args: JsonObject) => Oddities;
  /** Asked before the task exists. Only `ask` steps. */
  readonly before?: Plan;
  readonly plan: Plan;
}

export interface Oddities {
  readonly ttlMs?: number | null;
  readonly pollHint?: unknown;
  readonly slowAcknowledgeMs?: number;
  readonly expireAfterMs?: number;
  /** Misbehaviour in the requests about this task, in the words of `--chaos`. */
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

/** What a form was accepted with, or `undefined` when it was declined, cancelled or is still open. */
export function accepted(answers: Answers, key: string): JsonObject | undefined {
  const answer = answers[key];
  if (answer?.action !== 'accept') return undefined;
  return (answer.content ?? {}) as JsonObject;
}

export function action(answers: Answers, key: string): string {
  return String(answers[key]?.action ?? 'unanswered');
}
