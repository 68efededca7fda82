import type { FollowedTask, InputResponse, Question } from '@mcp-tasks/client';
import { safeText } from '../display/safe-text.ts';
import { saySlowly } from './say-slowly.ts';
import type { Session } from './session.ts';

/** After so long a person is told that the server has not taken the answer. */
const SLOW_MS = 5_000;

/**
 * Sends the answer, and waits until the server has taken it. A server of 2025-11-25 takes one only when it asks again,
 * and some never do.
 */
export async function sendAnswer(
  { context, printer, person }: Pick<Session, 'context' | 'printer' | 'person'>,
  { id, latest }: Pick<FollowedTask, 'id' | 'latest'>,
  question: Pick<Question, 'key' | 'answer'>,
  response: InputResponse,
  options: { readonly again?: boolean } = {},
): Promise<void> {
  const label = safeText(latest.server.label);
  const text = `${id}  ${safeText(question.key)}: on record, and ${label} has not taken it yet; Ctrl-C leaves it there`;
  const answering = question.answer(response, { ...options, as: person, signal: context.interrupt });
  await saySlowly({ context, printer }, answering, text, SLOW_MS);
}
