import { digestOf } from '../../task/digest.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import type { InputRequest } from '../../task/task.ts';
import { readText } from '../lenient.ts';
import { displayText, partsOf } from './parts.ts';

const DEFAULT_QUESTION = 'The agent waits for your answer.';
/** Marks a question that waits for a sign-in elsewhere; the agent may notice it by itself. */
const AUTH = 'a2a/auth';

export interface Waiting {
  readonly status: JsonObject;
  /** True if the task waits for a sign-in, not for a text. */
  readonly isAuth: boolean;
  /** The agent's last message, if the question has no text. */
  readonly fallback: string | undefined;
}

/** A task asks one question at a time, as text; any answer is a message, and there is no decline. */
export function readQuestion({ status, isAuth, fallback }: Waiting): Readonly<Record<string, InputRequest>> {
  const asked = displayText(partsOf(status.message)) ?? fallback ?? DEFAULT_QUESTION;
  const text = { type: 'string', title: 'Your answer', minLength: 1 };
  const params = {
    mode: 'form',
    message: isAuth ? `Authorization required: ${asked}` : asked,
    requestedSchema: { type: 'object', properties: { text }, minProperties: 1 },
    ...(isAuth ? { _meta: { [AUTH]: true } } : {}),
  };
  return { [keyOf(status, asked)]: { method: 'elicitation/create', params, actions: ['accept'] } };
}

/** The id of the asking message; without one, the timestamp or the text distinguishes questions. */
function keyOf({ message, timestamp }: JsonObject, asked: string): string {
  const id = isJsonObject(message) ? readText(message.messageId) : undefined;
  return id ?? `reply-${readText(timestamp) ?? digestOf(asked).slice(0, 8)}`;
}

/** The message id of an answer. A server that lists this id has received the answer. */
export function answerId(id: string, { key, since }: { readonly key: string; readonly since: number }): string {
  return `${callId(id)}:${since}:${digestOf(key).slice(0, 12)}`;
}

/** The message id of the call that starts a record's task. */
export function callId(id: string): string {
  return `mcp-tasks:${id}`;
}

/** The message ids in a server's history. */
export function messageIds(history: JsonValue | undefined): ReadonlySet<string> {
  const messages = Array.isArray(history) ? history : [];
  return new Set(messages.flatMap((each: JsonValue) => (isJsonObject(each) ? (readText(each.messageId) ?? []) : [])));
}
