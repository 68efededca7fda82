import { digestOf } from '../../task/digest.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import type { InputRequest } from '../../task/task.ts';
import { readText } from '../lenient.ts';
import { partsOf, wordsOf } from './parts.ts';

const UNSAID = 'The agent waits for your answer.';
/** Marks a question that stands for a sign-in somewhere else, which the agent may notice by itself. */
const AUTH = 'a2a/auth';

export interface Waiting {
  readonly status: JsonObject;
  /** It waits for a sign-in, not for words. */
  readonly isAuth: boolean;
  /** What the agent said last, where it asks without a word. */
  readonly words: string | undefined;
}

/** A task asks one thing at a time, in words; any answer is a message, and none can be declined. */
export function readQuestion({ status, isAuth, words }: Waiting): Readonly<Record<string, InputRequest>> {
  const said = wordsOf(partsOf(status.message)) ?? words ?? UNSAID;
  const text = { type: 'string', title: 'Your answer', minLength: 1 };
  const params = {
    mode: 'form',
    message: isAuth ? `Authorization is wanted: ${said}` : said,
    requestedSchema: { type: 'object', properties: { text }, minProperties: 1 },
    ...(isAuth ? { _meta: { [AUTH]: true } } : {}),
  };
  return { [keyOf(status, said)]: { method: 'elicitation/create', params, actions: ['accept'] } };
}

/** The message that asks has an id of its own; without one, the instant or the words tell two questions apart. */
function keyOf({ message, timestamp }: JsonObject, said: string): string {
  const id = isJsonObject(message) ? readText(message.messageId) : undefined;
  return id ?? `reply-${readText(timestamp) ?? digestOf(said).slice(0, 8)}`;
}

/** The id of the message that answers: a server that shows it has the answer. */
export function answerId(id: string, { key, since }: { readonly key: string; readonly since: number }): string {
  return `${callId(id)}:${since}:${digestOf(key).slice(0, 12)}`;
}

/** The id of the message that starts the task of a record. */
export function callId(id: string): string {
  return `mcp-tasks:${id}`;
}

/** The ids of the messages that a server shows. */
export function messageIds(history: JsonValue | undefined): ReadonlySet<string> {
  const messages = Array.isArray(history) ? history : [];
  return new Set(messages.flatMap((each: JsonValue) => (isJsonObject(each) ? (readText(each.messageId) ?? []) : [])));
}
