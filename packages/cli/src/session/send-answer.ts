import type { FollowedTask, InputResponse, Question } from '@mcp-tasks/client';
import { safeText } from '../display/safe-text.ts';
import { printIfSlow } from './print-if-slow.ts';
import type { Session } from './session.ts';

/** Delay before the waiting is explained on standard error, in ms. */
const SLOW_MS = 5_000;

/**
 * Sends the answer and waits until the server acknowledges it. A 2025-11-25 server accepts it only when it asks again,
 * which some never do.
 */
export async function sendAnswer(
  { context, printer, person }: Pick<Session, 'context' | 'printer' | 'person'>,
  { id, latest }: Pick<FollowedTask, 'id' | 'latest'>,
  question: Pick<Question, 'key' | 'answer'>,
  response: InputResponse,
  options: { readonly again?: boolean } = {},
): Promise<void> {
  const label = safeText(latest.server.label);
  const text = `${id}  ${safeText(question.key)}: saved; waiting for ${label} to acknowledge it; Ctrl-C stops waiting`;
  const answering = question.answer(response, { ...options, as: person, signal: context.interrupt });
  await printIfSlow({ context, printer }, answering, text, SLOW_MS);
}
