import type { InputRequest } from '@mcp-tasks/client';
import { safeText } from './safe-text.ts';

/** A question in one line. The address of one by URL belongs to it: what is agreed to is to open just this page. */
export function questionText({ method, params }: InputRequest): string {
  if (method === 'sampling/createMessage') return 'a text of a model (sampling)';
  if (method !== 'elicitation/create') return safeText(method, { maxLength: 500 });
  const message = safeText(String(params.message ?? ''), { maxLength: 500 });
  return typeof params.url === 'string' ? `${message}  ${safeText(params.url)}` : message;
}
