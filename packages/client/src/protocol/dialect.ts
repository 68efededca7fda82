import type { About, Failure, Verdict } from '../task/failure.ts';
import type { JsonObject, JsonValue } from '../task/json.ts';
import { own } from '../task/own.ts';
import type { Progress } from '../task/progress.ts';
import type { TaskRecord } from '../task/record.ts';
import type { InputRequest, InputResponse, TaskSnapshot } from '../task/task.ts';
import type { ProtocolTraits } from '../task/traits.ts';

/** One request, as it goes to the connection. */
export interface Ask {
  readonly method: string;
  readonly params: JsonObject;
  /** How long its answer may take, in ms, where the server waits with it on purpose. @default the client's */
  readonly timeoutMs?: number | undefined;
}

/** Absent is not invalid: an answer either has a meaning or says why not. */
export type Decoded<T> =
  | { readonly kind: 'value'; readonly value: T }
  | {
      readonly kind: 'invalid';
      readonly problem: string;
      readonly raw: JsonValue;
      /** Where the answer itself says what the failure means. @default as the dialect judges an unreadable answer */
      readonly verdict?: Verdict | undefined;
    };

/** What came back for an answer or a cancel. */
export type Reply =
  /** The server took it; `snapshot` where the reply also tells how the task stands. */
  | { readonly kind: 'taken'; readonly snapshot?: TaskSnapshot | undefined }
  | { readonly kind: 'refused'; readonly problem: string; readonly verdict: Verdict };

export type CallAnswer =
  /** `warning`: what should have come and did not, for people. */
  | { readonly kind: 'complete'; readonly result: JsonObject; readonly warning?: string | undefined }
  /** `asked` is false where the server made a task although the call wanted none. */
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
  /** The local id of the record: a protocol with message ids makes one of it. */
  readonly id: string;
  readonly name: string;
  readonly arguments: JsonObject;
  readonly asTask: boolean;
  readonly ttlMs?: number | undefined;
  /** Answers to what the server asked before it made a task, and the questions they are for. */
  readonly inputResponses?: Responses | undefined;
  readonly inputRequests?: Requests | undefined;
  readonly requestState?: string | undefined;
  readonly progressToken?: string | undefined;
}

/** Which task a request is about. */
export interface TaskRef {
  /** The local id of the record. */
  readonly id: string;
  readonly taskId: string;
  readonly context?: string | undefined;
  readonly arguments: JsonObject;
  /** Values of the last poll that this request may repeat. */
  readonly carried?: JsonObject | undefined;
  /** What the server last said about it to people. */
  readonly words?: string | undefined;
  /** The answers that no reply has acknowledged: a protocol with message ids makes them of these. */
  readonly answers: readonly { readonly key: string; readonly since: number }[];
}

/** Finds the task of a call whose answer was lost, where the protocol can tell. */
export interface FindCall {
  ask(id: string, cursor: string | undefined): Ask;
  /** The tasks of a page that the call of this record has made: one, or none. */
  decode(raw: JsonValue, id: string): Decoded<Page<TaskSnapshot>>;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string | undefined;
}

/** What a notification of the server says, as far as it concerns tasks. */
export type Notice =
  | { readonly kind: 'task'; readonly snapshot: TaskSnapshot }
  | { readonly kind: 'progress'; readonly token: JsonValue | undefined; readonly progress: Progress }
  /** So many pieces of the result of this task have come, of what is called so. */
  | { readonly kind: 'pieces'; readonly taskId: string; readonly count: number; readonly name: string }
  /** The list of tools is another one. */
  | { readonly kind: 'tools-changed' };

/** How to read questions that come as requests of the server. */
export interface ServerRequests {
  /** The key under which the question is recorded; `heard` are those that its stream has brought so far. */
  keyOf(record: TaskRecord, request: InputRequest, heard: ReadonlySet<string>): string;
  /** Which task it is about, where the request says so. */
  taskOf(params: JsonObject): string | undefined;
}

/**
 * One revision of one protocol, as pure functions between the wire and `task/`: it names the methods, reads the
 * answers, says what the protocol can do, and judges its errors. Chosen per record (`dialectOf`).
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
  /** Undefined: answers are the replies to what the server asked (`traits.questions`). */
  update(task: TaskRef, responses: Responses, requests: Requests): Ask | undefined;
  /** Undefined: the protocol cannot cancel this task. */
  cancel(task: TaskRef): Ask | undefined;
  /** What the reply to an answer or a cancel says. @default every reply means that it was taken */
  decodeReply?(raw: JsonValue, task: TaskRef, about: 'update' | 'cancel'): Reply;
  /** Where the result is fetched apart (`traits.resultApart`). */
  result?(task: TaskRef): Ask;
  /** What that request brought. */
  decodeResult?(raw: JsonValue): Decoded<JsonObject>;
  /** Undefined: the server does not list tasks. */
  list(capabilities: JsonObject, cursor: string | undefined): Ask | undefined;
  decodeList(raw: JsonValue): Decoded<Page<TaskSnapshot>>;
  /** Absent: a call whose answer was lost stays lost; so it does at a server that refuses to be asked this. */
  readonly find?: FindCall | undefined;

  /** Where the server asks by requests of its own (`traits.questions`). */
  readonly requests?: ServerRequests;
  notice(method: string, params: JsonObject): Notice | undefined;
  judge(failure: Failure, about: About): Verdict;
}

/** What decides the dialect of a record. */
export type Spoken = Pick<TaskRecord, 'protocol' | 'revision' | 'mapping'>;
/** The dialects of one protocol. Undefined for a revision, or a mapping, that this version does not know. */
export type Dialects = (spoken: Spoken) => TaskDialect | undefined;

/** The task of a record that has one. */
export function refOf(record: TaskRecord): TaskRef {
  const { id, taskId, context, arguments: args, carried, statusMessage: words } = record;
  return { id, taskId: taskId ?? '', context, arguments: args, carried, words, answers: answersOf(record) };
}

const NO_ANSWERS: TaskRef['answers'] = [];

/** Those that no reply has acknowledged. */
function answersOf({ ledger }: TaskRecord): TaskRef['answers'] {
  let answers = NO_ANSWERS;
  for (const key in ledger) {
    const entry = own(ledger, key);
    if (entry?.state === 'answering') answers = [...answers, { key, since: entry.since }];
  }
  return answers;
}
