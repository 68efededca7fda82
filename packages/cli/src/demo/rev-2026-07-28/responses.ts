import { ProtocolError, type ServerContext } from '@modelcontextprotocol/server';
import { AnswersRefused } from '../check-answers.ts';
import type { Answers } from '../script.ts';

/** The answers of a call that comes again. What is not even an object is none, and is asked for again. */
export function answersIn(ctx: ServerContext): Answers {
  return (ctx.mcpReq.inputResponses ?? {}) as Answers;
}

/** The answers to a task, with those that are not even an object: a task says of each what is wrong with it. */
export function responsesIn({ mcpReq }: ServerContext): Readonly<Record<string, unknown>> {
  if (mcpReq.inputResponses === undefined) throw new ProtocolError(-32602, 'tasks/update needs inputResponses');
  const dropped = (mcpReq.droppedInputResponseKeys ?? []).map((key) => [key, null]);
  return { ...mcpReq.inputResponses, ...Object.fromEntries(dropped) };
}

/** Says as an error of the protocol which answers do not fit; they can be given again, in the same place. */
export async function refusingMisfits<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AnswersRefused)) throw error;
    throw new ProtocolError(-32602, error.message, { problems: error.problems });
  }
}
