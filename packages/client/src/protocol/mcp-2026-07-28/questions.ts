import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { own } from '../../task/own.ts';
import type { InputRequest, InputResponse } from '../../task/task.ts';
import { isTooDeep, tooDeep } from '../depth.ts';
import type { Decoded } from '../dialect.ts';

/** Marks a question in the early form of the extension, whose answer has another structure. */
const EARLY = 'mcp-tasks/confirmation';
const MAX_QUESTIONS = 100;

/** Converts `{ type: "confirmation", message }` of early drafts to a form. */
function fromConfirmation(raw: JsonObject): InputRequest {
  const message = typeof raw.message === 'string' ? raw.message : 'Confirm?';
  const requestedSchema = {
    type: 'object',
    properties: { confirmed: { type: 'boolean', title: 'Confirm' } },
    required: ['confirmed'],
  };
  return {
    method: 'elicitation/create',
    params: { mode: 'form', message, requestedSchema, _meta: { [EARLY]: true } },
  };
}

const NO_QUESTIONS: Decoded<Record<string, InputRequest>> = { kind: 'value', value: {} };

/** Refuses more questions than a person can answer, and questions nested too deep to show. */
export function readQuestions(raw: JsonValue | undefined): Decoded<Record<string, InputRequest>> {
  if (!isJsonObject(raw)) return NO_QUESTIONS;
  const keys = Object.keys(raw);
  if (keys.length > MAX_QUESTIONS) {
    const problem = `The server asks ${keys.length} questions at once; more than ${MAX_QUESTIONS} are not accepted`;
    return { kind: 'invalid', problem, raw: null };
  }
  if (isTooDeep(raw)) {
    return { kind: 'invalid', problem: tooDeep('A question'), raw: null };
  }
  const questions: [string, InputRequest][] = [];
  for (const key of keys) {
    const value = raw[key];
    if (!isJsonObject(value)) continue;
    if (typeof value.method === 'string') {
      questions.push([key, { method: value.method, params: isJsonObject(value.params) ? value.params : {} }]);
    } else if (value.type === 'confirmation') questions.push([key, fromConfirmation(value)]);
  }
  return { kind: 'value', value: Object.fromEntries(questions) };
}

function isEarly(request: InputRequest | undefined): boolean {
  const meta = request?.params._meta;
  return isJsonObject(meta) && meta[EARLY] === true;
}

export function writeAnswers(
  responses: Readonly<Record<string, InputResponse>>,
  requests: Readonly<Record<string, InputRequest>>,
): Record<string, JsonObject> {
  const answers = Object.entries(responses).map(([key, response]): [string, JsonObject] => {
    if (!isEarly(own(requests, key))) return [key, response];
    const content = isJsonObject(response.content) ? response.content : {};
    return [key, { confirmed: response.action === 'accept' && content.confirmed === true }];
  });
  return Object.fromEntries(answers);
}
