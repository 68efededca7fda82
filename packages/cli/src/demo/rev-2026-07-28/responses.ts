import { ProtocolError, type ServerContext } from '@modelcontextprotocol/server';
import { AnswersRefused } from '../check-answers.ts';
import type { Answers } from '../tool.ts';

/** The answers of a repeated call. An answer that is not an object counts as missing and is asked for again. */
export function answersIn(ctx: ServerContext): Answers {
  return (ctx.mcpReq.inputResponses ?? {}) as Answers;
}

/** Turns AnswersRefused into a protocol error; the client can answer again in the same call. */
export async function rejectMisfits<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AnswersRefused)) throw error;
    throw new ProtocolError(-32602, error.message, { problems: error.problems });
  }
}
