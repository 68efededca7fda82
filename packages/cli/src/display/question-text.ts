import { type InputRequest, openQuestions, type TaskRecord } from '@mcp-tasks/client';
import { safeText } from './safe-text.ts';

type Questions = Readonly<Record<string, InputRequest>>;

/** A question in one line. The address of one by URL belongs to it: what is agreed to is to open just this page. */
export function questionText({ method, params }: InputRequest): string {
  if (method === 'sampling/createMessage') return 'a text of a model (sampling)';
  if (method !== 'elicitation/create') return safeText(method, { maxLength: 500 });
  const message = safeText(String(params.message ?? ''), { maxLength: 500 });
  return typeof params.url === 'string' ? `${message}  ${safeText(params.url)}` : message;
}

/** Why mcp-tasks cannot answer this, in words; undefined for what a person can be asked. */
export function whyUnanswerable({ method }: InputRequest): string | undefined {
  if (method === 'elicitation/create') return undefined;
  if (method === 'sampling/createMessage') return 'wants a text of a language model (sampling), and there is none here';
  if (method === 'roots/list') return 'wants to know your folders (roots), and mcp-tasks shares none';
  return `wants ${safeText(method, { maxLength: 100 })}, which mcp-tasks does not know`;
}

/** The open questions that a person can be asked. */
export function questionsForPeople(record: TaskRecord): Questions {
  const open = Object.entries(openQuestions(record));
  return Object.fromEntries(open.filter(([, request]) => whyUnanswerable(request) === undefined));
}

/** A line for each open question that a person is never asked: what it wants, and why it gets nothing. */
export function unanswerableLines(record: TaskRecord): readonly string[] {
  return Object.entries(openQuestions(record)).flatMap(([key, request]) => {
    const why = whyUnanswerable(request);
    return why === undefined ? [] : [`${record.id}  ${safeText(key, { maxLength: 80 })}: the server ${why}`];
  });
}
