import { type InputRequest, kindOfQuestion, openQuestions, type TaskRecord } from '@mcp-tasks/client';
import { safeText } from './safe-text.ts';

type Questions = Readonly<Record<string, InputRequest>>;

/** Text of a question in one line. Includes the URL of a URL elicitation, because accepting opens that page. */
export function questionText(request: InputRequest): string {
  const { method, params } = request;
  const kind = kindOfQuestion(request);
  if (kind === 'model') return 'a text of a model (sampling)';
  if (kind !== 'form' && kind !== 'page') return safeText(method, { maxLength: 500 });
  const message = safeText(typeof params.message === 'string' ? params.message : '', { maxLength: 500 });
  return kind === 'page' ? `${message}  ${safeText(String(params.url))}` : message;
}

/** Reason why mcp-tasks cannot answer the request; undefined if a person can. */
export function unanswerableReason(request: InputRequest): string | undefined {
  switch (kindOfQuestion(request)) {
    case 'form':
    case 'page':
      return undefined;
    case 'model':
      return 'wants a text of a language model (sampling), and there is none here';
    case 'folders':
      return 'wants to know your folders (roots), and mcp-tasks shares none';
    case 'unknown':
      return `wants ${safeText(request.method, { maxLength: 100 })}, which mcp-tasks does not know`;
  }
}

/** Open questions that a person can answer. */
export function questionsForPeople(record: TaskRecord): Questions {
  const open = Object.entries(openQuestions(record));
  return Object.fromEntries(open.filter(([, request]) => unanswerableReason(request) === undefined));
}

/** One line per open question that no person can answer: what it asks for, and the reason. */
export function unanswerableLines(record: TaskRecord): readonly string[] {
  return Object.entries(openQuestions(record)).flatMap(([key, request]) => {
    const why = unanswerableReason(request);
    return why === undefined ? [] : [`${record.id}  ${safeText(key, { maxLength: 80 })}: the server ${why}`];
  });
}
