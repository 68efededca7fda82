import type { JsonObject, JsonValue } from '../task/json.ts';
import type { InputRequest, InputResponse, TaskSnapshot } from '../task/task.ts';

/** Absent is not invalid: an answer either has a meaning or says why not. */
export type Decoded<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'invalid'; readonly problem: string; readonly raw: JsonValue };

export type CallAnswer =
  | { readonly kind: 'complete'; readonly result: JsonObject }
  | { readonly kind: 'task'; readonly snapshot: TaskSnapshot }
  | {
      readonly kind: 'input_required';
      readonly inputRequests: Readonly<Record<string, InputRequest>>;
      readonly requestState?: string | undefined;
    };

export type TaskSupport = 'forbidden' | 'optional' | 'required';

export interface CallParameters {
  readonly name: string;
  readonly arguments: JsonObject;
  readonly asTask: boolean;
  readonly ttlMs?: number | undefined;
  readonly inputResponses?: Readonly<Record<string, InputResponse>> | undefined;
  readonly requestState?: string | undefined;
}

/** One revision of the protocol, as pure functions between the wire and core's task. */
export interface TaskDialect {
  readonly revision: string;
  /** The result is not in `tasks/get`: `tasks/result` brings it, and the questions on its stream. */
  readonly resultApart: boolean;
  hasTasks(capabilities: JsonObject): boolean;
  canList(capabilities: JsonObject): boolean;
  taskSupport(tool: JsonObject, capabilities: JsonObject): TaskSupport;
  encodeCall(call: CallParameters): JsonObject;
  decodeCall(raw: JsonValue): Decoded<CallAnswer>;
  decodeTask(raw: JsonValue): Decoded<TaskSnapshot>;
  encodeUpdate(
    taskId: string,
    responses: Readonly<Record<string, InputResponse>>,
    requests: Readonly<Record<string, InputRequest>>,
  ): JsonObject;
}
