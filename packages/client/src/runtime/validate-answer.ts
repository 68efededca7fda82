import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { isJsonObject } from '../core/json.ts';
import type { InputRequest, InputResponse } from '../core/task.ts';
import { TaskError } from '../errors.ts';

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
(formats as unknown as (instance: Ajv2020) => void)(ajv);

const ACTIONS = ['accept', 'decline', 'cancel'];

/** @throws {TaskError} `answer-invalid` when an elicitation's answer does not fit its question. */
export function validateAnswer(key: string, request: InputRequest, response: InputResponse): void {
  if (request.method !== 'elicitation/create') return;
  if (typeof response.action !== 'string' || !ACTIONS.includes(response.action)) {
    throw new TaskError('answer-invalid', `The answer to "${key}" has no action`, {
      hint: 'Accept, decline or cancel it.',
    });
  }
  const schema = request.params.requestedSchema;
  if (response.action !== 'accept' || !isJsonObject(schema)) return;
  const validate = ajv.compile(Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema')));
  if (validate(response.content ?? {})) return;
  const problems = (validate.errors ?? []).map(
    (error) => `${error.instancePath.slice(1) || 'answer'} ${error.message}`,
  );
  throw new TaskError('answer-invalid', `The answer to "${key}" does not fit: ${problems.join('; ')}`, {
    hint: 'Correct it; nothing was sent.',
  });
}
