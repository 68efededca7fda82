import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { InputRequest, InputResponse } from '../core/task.ts';
import { TaskError } from '../errors.ts';

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
  const validate = compile(schema);
  if (validate === undefined || validate(response.content ?? {})) return;
  const problems = (validate.errors ?? []).map(
    (error) => `${error.instancePath.slice(1) || 'answer'} ${error.message}`,
  );
  throw new TaskError('answer-invalid', `The answer to "${key}" does not fit: ${problems.join('; ')}`, {
    hint: 'Correct it; nothing was sent.',
  });
}

/** @returns nothing for a schema that cannot be compiled, or where code may not be made of text: then only the server can judge. */
function compile(schema: JsonObject): ValidateFunction | undefined {
  // The server chose these: an identifier would outlive the question, and an asynchronous check would not be waited for.
  const { $schema: _dialect, $id: _id, $async: _async, ...rest } = schema;
  try {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false, logger: false });
    (formats as unknown as (instance: Ajv2020) => void)(ajv);
    return ajv.compile(rest);
  } catch {
    return undefined;
  }
}
