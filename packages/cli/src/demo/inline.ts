import { setTimeout as sleep } from 'node:timers/promises';
import { checkAnswers } from './check-answers.ts';
import type { Pace } from './options.ts';
import type { Answers, Given, Plan, Questions, RpcError, Step, ToolResult } from './script.ts';

/** The outcome of a plan that runs without a task. */
export type InlineOutcome =
  | { readonly kind: 'returned'; readonly result: ToolResult }
  | { readonly kind: 'failed'; readonly error: RpcError }
  | { readonly kind: 'asks'; readonly questions: Questions; readonly position: number; readonly answers: Answers }
  | { readonly kind: 'ended'; readonly answers: Answers };

export interface InlineControl {
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /** Called at each step of work. */
  readonly onMessage: (message: string, progress: { readonly progress: number; readonly total: number }) => void;
}

/**
 * Runs a plan while the caller waits, from `position` to its end or to the next question.
 *
 * @throws {AnswersRefused} when an answer does not fit its question
 */
export async function runInline(
  plan: Plan,
  given: Given,
  position: number,
  control: InlineControl,
): Promise<InlineOutcome> {
  for (let at = position; ; at += 1) {
    const step = plan(given)[at];
    if (step === undefined) return { kind: 'ended', answers: given.answers };
    switch (step.kind) {
      case 'work':
        control.onMessage(step.message, progressAt(plan(given), at));
        await sleep(control.pace.duration(step.forMs), undefined, { signal: control.signal });
        break;
      case 'ask': {
        checkAnswers(step.questions, given.answers);
        const open = Object.entries(step.questions).filter(([key]) => !Object.hasOwn(given.answers, key));
        if (open.length > 0)
          return { kind: 'asks', questions: Object.fromEntries(open), position: at, answers: given.answers };
        break;
      }
      case 'await-page':
        return { kind: 'failed', error: { code: -32603, message: 'Waiting for a page needs a task' } };
      case 'return':
        return { kind: 'returned', result: step.result };
      case 'fail':
        return { kind: 'failed', error: step.error };
    }
  }
}

function progressAt(steps: readonly Step[], at: number): { readonly progress: number; readonly total: number } {
  const work = (step: Step) => step.kind === 'work';
  return { progress: steps.slice(0, at).filter(work).length, total: steps.filter(work).length };
}
