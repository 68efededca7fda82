import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import * as z from 'zod';
import { TaskError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../task/json.ts';
import type { InputRequest, InputResponse } from '../task/task.ts';

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
  const problems = compile(schema)?.(response.content ?? {}) ?? [];
  if (problems.length === 0) return;
  throw new TaskError('answer-invalid', `The answer to "${key}" does not fit: ${problems.join('; ')}`, {
    hint: 'Correct it; nothing was sent.',
  });
}

/** Says in words what does not fit. */
type Check = (content: unknown) => readonly string[];

/** @returns nothing for a schema that cannot be compiled: then only the server can judge. */
function compile(schema: JsonObject): Check | undefined {
  // The server chose these: an identifier would outlive the question, and an asynchronous check would not be waited for.
  const { $schema: _dialect, $id: _id, $async: _async, ...rest } = schema;
  try {
    return byCode(rest);
  } catch (error) {
    if (!(error instanceof EvalError)) return undefined;
  }
  // Where a Content-Security-Policy forbids to make code of text.
  try {
    return byParts(rest);
  } catch {
    return undefined;
  }
}

function byCode(schema: JsonObject): Check {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false, logger: false });
  (formats as unknown as (instance: Ajv2020) => void)(ajv);
  const validate = ajv.compile(schema);
  return (content) => {
    if (validate(content)) return [];
    return (validate.errors ?? []).map((error) => `${error.instancePath.slice(1) || 'answer'} ${error.message}`);
  };
}

function byParts(schema: JsonObject): Check {
  const type = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  return (content) => {
    const { error } = type.safeParse(content);
    return (error?.issues ?? []).map(({ path, message }) => `${path.join('/') || 'answer'} ${message}`);
  };
}
