import { ProtocolError, type ServerContext } from '@modelcontextprotocol/server';
import { AnswersRefused } from '../check-answers.ts';
import type { Answers } from '../script.ts';

/** The answers of a call that comes again. What is not even an object is none, and is asked for again. */
export function answersIn(ctx: ServerContext): Answers {
  return (ctx.mcpReq.inputResponses ?? {}) as Answers;
}

/** Says as an error of the protocol which answers do not fit; they can be given again, in the same call. */
export async function refusingMisfits<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AnswersRefused)) throw error;
    throw new ProtocolError(-32602, error.message, { problems: error.problems });
  }
}
