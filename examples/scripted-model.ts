// A scripted language model; the agent's loop and its tools are real.
import { MockLanguageModelV3 } from 'ai/test';

export type Turn = { readonly call: string; readonly input: object } | { readonly text: string };

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

export function createScriptedModel(turns: readonly Turn[]): MockLanguageModelV3 {
  let next = 0;
  return new MockLanguageModelV3({
    doGenerate: async () => {
      const turn = turns[next++];
      if (turn === undefined) throw new Error('The script has ended');
      const isText = 'text' in turn;
      const content = isText
        ? ({ type: 'text', text: turn.text } as const)
        : ({
            type: 'tool-call',
            toolCallId: `call-${next}`,
            toolName: turn.call,
            input: JSON.stringify(turn.input),
          } as const);
      const finishReason = { unified: isText ? 'stop' : 'tool-calls', raw: undefined } as const;
      return { content: [content], finishReason, usage, warnings: [] };
    },
  });
}
