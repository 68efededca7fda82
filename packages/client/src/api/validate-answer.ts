import { TaskError } from '../errors.ts';
import { isElicitation } from '../protocol/mcp/question-kind.ts';
import { isJsonObject } from '../task/json.ts';
import type { InputRequest, InputResponse } from '../task/task.ts';

const ACTIONS = ['accept', 'decline', 'cancel'];

/**
 * Checks an answer against its schema. Aspects that a schema cannot express, and schemas too complex to check, are left
 * to the server.
 * @throws {TaskError} `answer-invalid` when an elicitation's answer does not fit its question
 */
export async function validateAnswer(key: string, request: InputRequest, response: InputResponse): Promise<void> {
  if (!isElicitation(request)) return;
  const { action } = response;
  if (request.actions !== undefined && typeof action === 'string' && !request.actions.includes(action)) {
    const hint = 'Answer it in words, or cancel the task. Nothing was sent.';
    throw new TaskError('unsupported', `Question "${key}" has no action "${action}"`, { hint });
  }
  if (typeof response.action !== 'string' || !ACTIONS.includes(response.action)) {
    throw new TaskError('answer-invalid', `The answer to "${key}" has no action`, {
      hint: 'Accept, decline or cancel it.',
      problems: [{ path: '/action', message: `must be one of: ${ACTIONS.join(', ')}` }],
    });
  }
  const schema = request.params.requestedSchema;
  if (response.action !== 'accept' || !isJsonObject(schema)) return;
  // Loaded with the first answer: most programs never send one.
  const { checkSchema } = await import('../schema/index.ts');
  const report = checkSchema(schema, response.content ?? {});
  if (report.kind !== 'misfits') return;
  const problems = report.problems.map(({ path, message }) => `${path.slice(1) || 'answer'} ${message}`).join('; ');
  throw new TaskError('answer-invalid', `The answer to "${key}" does not fit: ${problems}`, {
    hint: 'Correct it; nothing was sent.',
    problems: report.problems,
  });
}
