import type { About, Failure, Verdict } from '../task/failure.ts';
import type { JsonObject, JsonValue } from '../task/json.ts';
import { own } from '../task/own.ts';
import type { Progress } from '../task/progress.ts';
import type { TaskRecord } from '../task/record.ts';
import type { InputRequest, InputResponse, TaskSnapshot } from '../task/task.ts';
import type { ProtocolTraits } from '../task/traits.ts';

/** One request for the connection. */
export interface Ask {
  readonly method: string;
  readonly params: JsonObject;
  /** The timeout of a response that the server delays on purpose, in ms. @default the client's */
  readonly timeoutMs?: number | undefined;
}

/** A decoded response, or the reason why it is invalid. An absent field is not invalid. */
export type Decoded<T> =
  | { readonly kind: 'value'; readonly value: T }
  | {
      readonly kind: 'invalid';
      readonly problem: string;
      readonly raw: JsonValue;
      /** The verdict, if the response itself implies one. @default the dialect's verdict on an invalid response */
      readonly verdict?: Verdict | undefined;
    };

/** The reply to an answer or a cancel. */
export type Reply =
  /** The server accepted it; `snapshot` if the reply also has the task's state. */
  | { readonly kind: 'taken'; readonly snapshot?: TaskSnapshot | undefined }
  | { readonly kind: 'refused'; readonly problem: string; readonly verdict: Verdict };

export type CallAnswer =
  /** `warning`: names a part that the response lacks, for people. */
  | { readonly kind: 'complete'; readonly result: JsonObject; readonly warning?: string | undefined }
  /** `asked` is false if the server made a task although the call requested none. */
  | { readonly kind: 'task'; readonly snapshot: TaskSnapshot; readonly asked: boolean }
  | {
      readonly kind: 'input_required';
      readonly inputRequests: Readonly<Record<string, InputRequest>>;
      readonly requestState?: string | undefined;
    };

export type TaskSupport = 'forbidden' | 'optional' | 'required';

export type Requests = Readonly<Record<string, InputRequest>>;
export type Responses = Readonly<Record<string, InputResponse>>;

export interface CallParameters {
  /** The local id of the record; a protocol with message ids derives one from it. */
  readonly id: string;
  readonly name: string;
  readonly arguments: JsonObject;
  readonly asTask: boolean;
  readonly ttlMs?: number | undefined;
  /** Answers to the questions before the task, with those questions. */
  readonly inputResponses?: Responses | undefined;
  readonly inputRequests?: Requests | undefined;
  readonly requestState?: string | undefined;
  readonly progressToken?: string | undefined;
}

/** The task of a request. */
export interface TaskRef {
  /** The local id of the record. */
  readonly id: string;
  readonly taskId: string;
  readonly context?: string | undefined;
  readonly arguments: JsonObject;
  /** Values of the last poll that this request may repeat. */
  readonly carried?: JsonObject | undefined;
  /** The last status message of the server. */
  readonly statusMessage?: string | undefined;
  /** Unacknowledged answers; a protocol with message ids derives the ids from them. */
  readonly answers: readonly { readonly key: string; readonly since: number }[];
}

/** Finds the task of a call whose response was lost, if the protocol allows it. */
export interface FindCall {
  ask(id: string, cursor: string | undefined): Ask;
  /** The task on a page that belongs to the call of this record: one, or none. */
  decode(raw: JsonValue, id: string): Decoded<Page<TaskSnapshot>>;
}

/** Reads several tasks of one server with one request. */
export interface ListedPolls {
  /** The key of the list: tasks with the same key are in the same list. */
  group(task: TaskRef): string;
  ask(task: TaskRef, cursor: string | undefined): Ask;
  /** The tasks that the page shows as working; the others have to be polled alone. */
  decode(raw: JsonValue, tasks: readonly TaskRef[]): Decoded<ListedTasks>;
}

export interface ListedTasks extends Page<TaskSnapshot> {
  /** Ids of tasks that the page shows in another state; a task listed twice may be in both. */
  readonly others: readonly string[];
}

export interface Page<T> {
  readonly items: readonly T[];
  /** The cursor of the next page; absent on the last one. */
  readonly next?: string | undefined;
}

/** A notification of the server about tasks or tools. */
export type Notice =
  | { readonly kind: 'task'; readonly snapshot: TaskSnapshot }
  | { readonly kind: 'progress'; readonly token: JsonValue | undefined; readonly progress: Progress }
  /** This many pieces of the result named `name` have arrived. */
  | { readonly kind: 'pieces'; readonly taskId: string; readonly count: number; readonly name: string }
  /** The list of tools changed. */
  | { readonly kind: 'tools-changed' };

/** The decoder of questions that arrive as server requests. */
export interface ServerRequests {
  /** The key of a question on the record; `received`: keys that its stream has brought so far. */
  keyOf(record: TaskRecord, request: InputRequest, received: ReadonlySet<string>): string;
  /** The task that the request names, if any. */
  taskOf(params: JsonObject): string | undefined;
}

/**
 * One revision of one protocol, as pure functions between the wire and `task/`: method names, decoders, traits, and
 * verdicts on errors. Chosen per record (`dialectOf`).
 */
export interface TaskDialect {
  readonly protocol: string;
  readonly revision: string;
  readonly traits: ProtocolTraits;

  hasTasks(capabilities: JsonObject): boolean;
  taskSupport(tool: JsonObject, capabilities: JsonObject): TaskSupport;
  tools(cursor: string | undefined): Ask;
  decodeTools(raw: JsonValue): Decoded<Page<JsonObject>>;

  call(call: CallParameters): Ask;
  decodeCall(raw: JsonValue, call: CallParameters): Decoded<CallAnswer>;
  get(task: TaskRef): Ask;
  decodeTask(raw: JsonValue, task: TaskRef): Decoded<TaskSnapshot>;
  /** Undefined: answers are replies to server requests (`traits.questions`). */
  update(task: TaskRef, responses: Responses, requests: Requests): Ask | undefined;
  /** Undefined: the protocol cannot cancel this task. */
  cancel(task: TaskRef): Ask | undefined;
  /** Reads the reply to an answer or a cancel. @default every reply is an acknowledgement */
  decodeReply?(raw: JsonValue, task: TaskRef, about: 'update' | 'cancel'): Reply;
  /** For a result with a request of its own (`traits.resultApart`). */
  result?(task: TaskRef): Ask;
  /** Decodes the response to that request. */
  decodeResult?(raw: JsonValue): Decoded<JsonObject>;
  /** Undefined: the server does not list tasks. */
  list(capabilities: JsonObject, cursor: string | undefined): Ask | undefined;
  decodeList(raw: JsonValue): Decoded<Page<TaskSnapshot>>;
  /** Set if one list can replace the polls of many tasks. */
  readonly listedPolls?: ListedPolls | undefined;
  /** Absent, or refused by the server: a call with a lost response stays lost. */
  readonly find?: FindCall | undefined;

  /** For a protocol that asks by server requests (`traits.questions`). */
  readonly requests?: ServerRequests;
  notice(method: string, params: JsonObject): Notice | undefined;
  judge(failure: Failure, about: About): Verdict;
}

/** The fields of a record that select its dialect. */
export type DialectKey = Pick<TaskRecord, 'protocol' | 'revision' | 'mapping'>;
/** The dialects of one protocol. Undefined for a revision or mapping that this version does not support. */
export type Dialects = (key: DialectKey) => TaskDialect | undefined;

/** The task of a record that has a task id. */
export function refOf(record: TaskRecord): TaskRef {
  const { id, taskId, context, arguments: args, carried, statusMessage } = record;
  return { id, taskId: taskId ?? '', context, arguments: args, carried, statusMessage, answers: answersOf(record) };
}

const NO_ANSWERS: TaskRef['answers'] = [];

/** The unacknowledged answers. */
function answersOf({ ledger }: TaskRecord): TaskRef['answers'] {
  let answers = NO_ANSWERS;
  for (const key in ledger) {
    const entry = own(ledger, key);
    if (entry?.state === 'answering') answers = [...answers, { key, since: entry.since }];
  }
  return answers;
}
