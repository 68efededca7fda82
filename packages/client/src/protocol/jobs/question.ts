import { digestOf } from '../../task/digest.ts';
import { isJsonObject, type JsonObject } from '../../task/json.ts';
import type { InputRequest, InputResponse } from '../../task/task.ts';
import type { JobAnswer, MappedTool } from './mapping.ts';
import { placeholdersIn } from './template.ts';

/** A question of a job, under a key that changes with it: a second one is no repetition of the first. */
export function questionOf(
  answer: JobAnswer,
  word: string | undefined,
  message: string,
): readonly [string, InputRequest] {
  const actions = 'tool' in answer || answer.decline === undefined ? ['accept'] : ['accept', 'decline'];
  const params = { mode: 'form', message, requestedSchema: schemaOf(toolFor(answer, 'accept')) };
  return [`answer-${word ?? 'input'}-${digestOf(message)}`, { method: 'elicitation/create', params, actions }];
}

/** The tool that takes this action, where one does. */
export function toolFor(answer: JobAnswer, action: string): MappedTool | undefined {
  if ('tool' in answer) return action === 'accept' ? answer : undefined;
  return action === 'accept' ? answer.accept : action === 'decline' ? answer.decline : undefined;
}

/** What a person said, in words. */
export function textOf({ content }: InputResponse): string | undefined {
  return isJsonObject(content) && typeof content.text === 'string' ? content.text : undefined;
}

function schemaOf(tool: MappedTool | undefined): JsonObject {
  if (!placeholdersIn(tool?.arguments).includes('answer')) return { type: 'object', properties: {} };
  return { type: 'object', properties: { text: { type: 'string', title: 'Answer' } }, required: ['text'] };
}
