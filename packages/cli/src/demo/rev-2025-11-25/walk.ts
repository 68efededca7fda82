import type { Demo } from '../demo.ts';
import { runInline } from '../inline.ts';
import type { Answers, DemoTool, Given, JsonObject, Plan, ToolResult } from '../script.ts';
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

/** Runs a plan to its end while the caller waits, and asks its questions on the way. */
export async function walk(
  call: Call,
  plan: Plan,
  given: Omit<Given, 'pageUrl'>,
): Promise<{ readonly answers: Answers; readonly result?: ToolResult }> {
  const { demo, extra } = call;
  const control = { pace: demo.pace, signal: extra.signal, onMessage: reporter(call) };
  let { answers } = given;
  for (let position = 0; ; ) {
    const outcome = await runInline(plan, { ...given, answers, pageUrl: '' }, position, control);
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
  const tell = (notification: Parameters<Extra['sendNotification']>[0]) =>
    void extra.sendNotification(notification).catch(() => {});
  return (message: string, progress: { readonly progress: number; readonly total: number }) => {
    if (progressToken !== undefined) {
      tell({ method: 'notifications/progress', params: { progressToken, ...progress, message } });
    }
    if (tool.logs === true && wantsLog()) {
      tell({ method: 'notifications/message', params: { level: 'info', data: message } });
    }
  };
}
