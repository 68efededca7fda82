import { type InputRequest, isJsonObject, type Outcome, openQuestions, type TaskRecord } from '@mcp-tasks/client';
import { createForm } from '../forms/create-form.ts';
import { repeatableQuestions } from '../session/repeatable-questions.ts';
import { questionsForPeople } from './question-text.ts';
import { looksLikeFlag, wordToPaste } from './quote-command.ts';
import { safeText } from './safe-text.ts';

/** What to type next, with the id in it. Printed on every way out. */
export function nextCommands(record: TaskRecord, outcome: Outcome | null): readonly string[] {
  const { id } = record;
  switch (outcome?.status) {
    case 'completed':
    case 'failed':
      // What was answered at once was read at once.
      return record.taskId === null ? [] : [`Again: mcp-tasks result ${id}`];
    case 'cancelled':
    case 'expired':
      return [`Call again: mcp-tasks rerun ${id}`, `Delete the record: mcp-tasks forget ${id}`];
    case 'input_required': {
      const answers = answerCommands(record);
      if (answers.length > 0) return [...answers, ...letGoCommands(record)];
      return [`Stop it: mcp-tasks cancel ${id}`, `Wait for it: mcp-tasks wait ${id}`];
    }
    case 'auth_required':
      return [
        `Sign in at a terminal: mcp-tasks wait ${id}`,
        `Or with a token in a variable: mcp-tasks wait ${id} --token-env NAME`,
      ];
    case 'unknown':
      return [
        `See what is known: mcp-tasks get ${id}`,
        `Call again: mcp-tasks rerun ${id}`,
        `Delete the record: mcp-tasks forget ${id}`,
      ];
    default:
      return [...answerCommands(record), ...stuckCommands(record), `Wait for it: mcp-tasks wait ${id}`];
  }
}

/** What can only be answered may go on for ever, as a chat does: it ends here when a person lets go of it. */
function letGoCommands(record: TaskRecord): readonly string[] {
  const isChat = Object.values(openQuestions(record)).some(({ actions }) => actions !== undefined);
  return isChat ? [`Done with it? Let go, without cancelling: mcp-tasks forget ${record.id}`] : [];
}

/** In place of a command, for what is not on record: how its server knows it is all there is to know it by. */
export function nothingNext({ id, taskId, server }: TaskRecord): string {
  const known = taskId === null ? '' : `; ${safeText(server.label)} knows it as ${safeText(taskId)}`;
  return `${id}  NOT SAVED: no other process can take it up from here${known}`;
}

/** The id and the key of `mcp-tasks answer`; a key like `--accept` would decide instead of naming the question. */
export function answerWords(id: string, key: string): string {
  return looksLikeFlag(key) ? id : `${id} ${wordToPaste(key)}`;
}

export function answerCommands(record: TaskRecord): readonly string[] {
  const questions = Object.entries(questionsForPeople(record));
  const isAlone = Object.keys(openQuestions(record)).length === 1;
  return questions.map(([key, request]) => {
    const which = isAlone ? record.id : answerWords(record.id, key);
    // Without its key the command answers none of several: it asks for one, or opens the form.
    const how = !isAlone && looksLikeFlag(key) ? '' : ` ${acceptance(request)}`;
    return `Answer with: mcp-tasks answer ${which}${how}`;
  });
}

/** Questions that the server still listed long after it took their answers, or that it changed. */
function stuckCommands(record: TaskRecord): readonly string[] {
  const stuck = repeatableQuestions(record, record.observedAt);
  const keys = Object.keys(questionsForPeople(record)).length > 0 ? [] : Object.keys(stuck);
  return keys.map((key) => `Answer again: mcp-tasks answer ${answerWords(record.id, key)} --again`);
}

/** The flags that accept: with the fields to fill in. */
function acceptance(request: InputRequest): string {
  const schema = request.params.requestedSchema;
  if (!isJsonObject(schema)) return '--accept';
  const form = createForm(schema);
  if (form.kind === 'json') return "--json '{…}'";
  const wanted = form.fields.some((field) => field.required)
    ? form.fields.filter((field) => field.required)
    : form.fields;
  if (wanted.some((field) => looksLikeFlag(field.key))) return "--json '{…}'";
  return ['--accept', ...wanted.map((field) => `${wordToPaste(field.key)}=…`)].join(' ');
}
