import { digestOf } from '../../task/digest.ts';
import { isJsonObject, type JsonObject } from '../../task/json.ts';
import type { InputRequest, InputResponse } from '../../task/task.ts';
import type { JobAnswer, MappedTool } from './mapping.ts';
import { placeholdersIn } from './template.ts';

/** A question of a job. Its key depends on its text: a second question is not a repetition of the first. */
export function questionOf(
  answer: JobAnswer,
  word: string | undefined,
  message: string,
): readonly [string, InputRequest] {
  const actions = 'tool' in answer || answer.decline === undefined ? ['accept'] : ['accept', 'decline'];
  const params = { mode: 'form', message, requestedSchema: schemaOf(toolFor(answer, 'accept')) };
  return [`answer-${word ?? 'input'}-${digestOf(message)}`, { method: 'elicitation/create', params, actions }];
}

/** The tool of this action, if there is one. */
export function toolFor(answer: JobAnswer, action: string): MappedTool | undefined {
  if ('tool' in answer) return action === 'accept' ? answer : undefined;
  return action === 'accept' ? answer.accept : action === 'decline' ? answer.decline : undefined;
}

/** The text of a person's answer. */
export function textOf({ content }: InputResponse): string | undefined {
  return isJsonObject(content) && typeof content.text === 'string' ? content.text : undefined;
}

function schemaOf(tool: MappedTool | undefined): JsonObject {
  if (!placeholdersIn(tool?.arguments).includes('answer')) return { type: 'object', properties: {} };
  return { type: 'object', properties: { text: { type: 'string', title: 'Answer' } }, required: ['text'] };
}
