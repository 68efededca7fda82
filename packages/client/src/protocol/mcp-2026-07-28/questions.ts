import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { own } from '../../task/own.ts';
import type { InputRequest, InputResponse } from '../../task/task.ts';

/** Marks a question of the extension's early form, whose answer has another shape. */
const EARLY = 'mcp-tasks/confirmation';

/** `{ type: "confirmation", message }` of the early drafts, as the form it would be today. */
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

export function readQuestions(raw: JsonValue | undefined): Record<string, InputRequest> {
  if (!isJsonObject(raw)) return {};
  const questions: [string, InputRequest][] = [];
  for (const [key, value] of Object.entries(raw)) {
    if (!isJsonObject(value)) continue;
    if (typeof value.method === 'string') {
      questions.push([key, { method: value.method, params: isJsonObject(value.params) ? value.params : {} }]);
    } else if (value.type === 'confirmation') questions.push([key, fromConfirmation(value)]);
  }
  return Object.fromEntries(questions);
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
