import { type InputRequest, isJsonObject, type Outcome, openQuestions, type TaskRecord } from '@mcp-tasks/client';
import { createForm } from '../forms/create-form.ts';
import { repeatableQuestions } from '../session/repeatable-questions.ts';
import { questionsForPeople } from './question-text.ts';
import { looksLikeFlag, wordToPaste } from './quote-command.ts';
import { safeText } from './safe-text.ts';

/** Suggested next commands with the task's id, printed on every way out. */
export function nextCommands(record: TaskRecord, outcome: Outcome | null): readonly string[] {
  const { id } = record;
  switch (outcome?.status) {
    case 'completed':
    case 'failed':
      // A call without a task already printed its result.
      return record.taskId === null ? [] : [`Again: mcp-tasks result ${id}`];
    case 'cancelled':
    case 'expired':
      return [`Call again: mcp-tasks rerun ${id}`, `Delete the record: mcp-tasks forget ${id}`];
    case 'input_required': {
      const answers = answerCommands(record);
      if (answers.length > 0) return [...answers, ...forgetCommands(record)];
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
      return [...answerCommands(record), ...answerAgainCommands(record), `Wait for it: mcp-tasks wait ${id}`];
  }
}

/** Commands that stop following an endless chat with an A2A agent without cancelling it. */
function forgetCommands(record: TaskRecord): readonly string[] {
  const isChat = Object.values(openQuestions(record)).some(({ actions }) => actions !== undefined);
  return isChat ? [`Delete the record without cancelling: mcp-tasks forget ${record.id}`] : [];
}

/** Replaces the commands for an unsaved task: names the server's task id, the only remaining reference. */
export function unsavedLine({ id, taskId, server }: TaskRecord): string {
  const known = taskId === null ? '' : `; ${safeText(server.label)} knows it as ${safeText(taskId)}`;
  return `${id}  NOT SAVED: no other process can resume it${known}`;
}

/** Id and key for `mcp-tasks answer`; a key that looks like a flag is omitted, because it would be read as one. */
export function answerArguments(id: string, key: string): string {
  return looksLikeFlag(key) ? id : `${id} ${wordToPaste(key)}`;
}

export function answerCommands(record: TaskRecord): readonly string[] {
  const questions = Object.entries(questionsForPeople(record));
  const isAlone = Object.keys(openQuestions(record)).length === 1;
  return questions.map(([key, request]) => {
    const which = isAlone ? record.id : answerArguments(record.id, key);
    // Without a key, the command asks which question is meant or opens its form.
    const how = !isAlone && looksLikeFlag(key) ? '' : ` ${acceptFlags(request)}`;
    return `Answer with: mcp-tasks answer ${which}${how}`;
  });
}

/** Questions still listed long after their answers were acknowledged, or changed since. */
function answerAgainCommands(record: TaskRecord): readonly string[] {
  const stuck = repeatableQuestions(record, record.observedAt);
  const keys = Object.keys(questionsForPeople(record)).length > 0 ? [] : Object.keys(stuck);
  return keys.map((key) => `Answer again: mcp-tasks answer ${answerArguments(record.id, key)} --again`);
}

/** Flags that accept the question, with its fields as placeholders. */
function acceptFlags(request: InputRequest): string {
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
