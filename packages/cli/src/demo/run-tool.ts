import {
  type Answers,
  type Ending,
  type Given,
  type Questions,
  type RpcError,
  type ToolContext,
  ToolFailure,
} from './tool.ts';

export type Step =
  | { readonly kind: 'work'; readonly message: string; readonly forMs: number }
  | { readonly kind: 'ask'; readonly message: string; readonly questions: Questions }
  | { readonly kind: 'page'; readonly message: string; readonly withinMs: number };

/** Performs the step at this position. Resolves once it is done, an `ask` to its answers. */
export type PerformStep = (step: Step, position: number) => Promise<Answers>;

export type ToolOutcome<Returned> =
  | { readonly kind: 'returned'; readonly ending: Returned }
  | { readonly kind: 'failed'; readonly error: RpcError };

/** Runs a tool's function from its beginning. @throws errors of `perform` other than ToolFailure */
export async function runTool<Returned>(
  run: (context: ToolContext) => Promise<Returned>,
  given: Given,
  signal: AbortSignal,
  perform: PerformStep,
): Promise<ToolOutcome<Returned>> {
  let count = 0;
  const next = (step: Step): Promise<Answers> => {
    const position = count;
    count += 1;
    return perform(step, position);
  };
  try {
    const ending = await run({
      ...given,
      signal,
      work: async (message, forMs) => void (await next({ kind: 'work', message, forMs })),
      ask: (message, questions) => next({ kind: 'ask', message, questions }),
      page: async (message, withinMs) => void (await next({ kind: 'page', message, withinMs })),
    });
    return { kind: 'returned', ending };
  } catch (error) {
    if (error instanceof ToolFailure) return { kind: 'failed', error: error.error };
    throw error;
  }
}

/** Ends a run at a step that is not performed. */
class Reached extends Error {
  readonly step: Step;

  constructor(step: Step) {
    super('The run ends at this step');
    this.step = step;
  }
}

/** The first step of a tool, or the outcome of one without steps. */
export async function firstStepOf(
  run: (context: ToolContext) => Promise<Ending>,
  given: Given,
): Promise<{ readonly kind: 'step'; readonly step: Step } | ToolOutcome<Ending>> {
  try {
    return await runTool(run, given, AbortSignal.abort(), async (step) => {
      throw new Reached(step);
    });
  } catch (error) {
    if (error instanceof Reached) return { kind: 'step', step: error.step };
    throw error;
  }
}
