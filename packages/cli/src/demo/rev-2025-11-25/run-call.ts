import type { Demo } from '../demo.ts';
import { type Progress, runInline } from '../inline.ts';
import type { Answers, DemoTool, Ending, Given, JsonObject, ToolContext, ToolResult } from '../tool.ts';
import { askClient, type Extra } from './ask.ts';
import { RpcFailure } from './rpc-failure.ts';

/** The current call. */
export interface Call {
  readonly demo: Demo;
  readonly tool: DemoTool;
  readonly extra: Extra;
  /** Whether the client wants the tool's logs. */
  readonly wantsLog: () => boolean;
}

/** Runs a tool's function to its end while the caller waits, and asks its questions on the way. */
export async function runCall(
  call: Call,
  run: (context: ToolContext) => Promise<Ending | undefined>,
  given: Omit<Given, 'pageUrl'>,
): Promise<{ readonly answers: Answers; readonly result?: ToolResult }> {
  const { demo, tool, extra } = call;
  const total = tool.workSteps?.(given.args);
  const control = { pace: demo.pace, signal: extra.signal, total, onMessage: reporter(call) };
  let answers: Answers = {};
  for (let position = 0; ; ) {
    const outcome = await runInline(run, { given, position, answers }, control);
    if (outcome.kind === 'ended') return { answers: outcome.answers };
    if (outcome.kind === 'returned') return { answers, result: outcome.result };
    if (outcome.kind === 'failed') throw new RpcFailure(outcome.error);
    const replies = await Promise.all(
      Object.entries(outcome.questions).map(async ([key, question]): Promise<readonly [string, JsonObject]> => {
        const answer = await askClient(extra, question, undefined, extra.signal);
        if (answer === undefined) throw new RpcFailure({ code: -32603, message: 'The question was not answered' });
        return [key, answer];
      }),
    );
    answers = { ...outcome.answers, ...Object.fromEntries(replies) };
    position = outcome.position;
  }
}

function reporter({ tool, extra, wantsLog }: Call) {
  const progressToken = extra._meta?.progressToken;
  const notify = (notification: Parameters<Extra['sendNotification']>[0]) =>
    void extra.sendNotification(notification).catch(() => {});
  return (message: string, progress: Progress) => {
    if (progressToken !== undefined) {
      notify({ method: 'notifications/progress', params: { progressToken, ...progress, message } });
    }
    if (tool.logs === true && wantsLog()) {
      notify({ method: 'notifications/message', params: { level: 'info', data: message } });
    }
  };
}
