import type { FollowedTask, InputResponse, Question } from '@mcp-tasks/client';
import { safeText } from '../display/safe-text.ts';
import type { Session } from './session.ts';

/** When somebody who waits wants to know for what. */
const SLOW_MS = 5_000;

/**
 * Until the server has taken it, which it may put off: one of 2025-11-25 takes an answer only when it asks again, and
 * not all of them do.
 */
export async function sendAnswer(
  { context, printer, person }: Session,
  handle: FollowedTask,
  question: Question,
  response: InputResponse,
  options: { readonly again?: boolean } = {},
): Promise<void> {
  const label = safeText(handle.latest.server.label);
  const slow = setTimeout(() => {
    printer.line(
      `${handle.id}  ${safeText(question.key)}: on record, and ${label} has not taken it yet; Ctrl-C leaves it there`,
    );
  }, SLOW_MS);
  try {
    await question.answer(response, { ...options, as: person, signal: context.interrupt });
  } finally {
    clearTimeout(slow);
  }
}
