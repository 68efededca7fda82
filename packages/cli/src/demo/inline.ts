import { setTimeout as sleep } from 'node:timers/promises';
import { checkAnswers } from './check-answers.ts';
import type { Pace } from './options.ts';
import { runTool, type Step } from './run-tool.ts';
import {
  type Answers,
  type Ending,
  type Given,
  type Questions,
  type RpcError,
  type ToolContext,
  ToolFailure,
  type ToolResult,
} from './tool.ts';

/** The outcome of a function that runs without a task. `ended`: a `before` function, which returns no result. */
export type InlineOutcome =
  | { readonly kind: 'returned'; readonly result: ToolResult }
  | { readonly kind: 'failed'; readonly error: RpcError }
  | { readonly kind: 'asks'; readonly questions: Questions; readonly position: number; readonly answers: Answers }
  | { readonly kind: 'ended'; readonly answers: Answers };

export interface Progress {
  readonly progress: number;
  readonly total?: number;
}

export interface InlineControl {
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /** Number of steps of work, if known. */
  readonly total: number | undefined;
  /** Called at each step of work. */
  readonly onMessage: (message: string, progress: Progress) => void;
}

/** A call without a task: its input, and the progress of its earlier rounds. */
export interface InlineCall {
  readonly given: Omit<Given, 'pageUrl'>;
  /** Number of steps taken in earlier rounds. */
  readonly position: number;
  /** Answers so far. */
  readonly answers: Answers;
}

/** Ends a run at questions without answers. */
class Unanswered extends Error {
  readonly questions: Questions;
  readonly position: number;

  constructor(questions: Questions, position: number) {
    super('Questions are open');
    this.questions = questions;
    this.position = position;
  }
}

/**
 * Runs a tool's function while the caller waits, to its end or to the next question. Work of earlier rounds is skipped.
 *
 * @throws {AnswersRefused} when an answer does not fit its question
 */
export async function runInline(
  run: (context: ToolContext) => Promise<Ending | undefined>,
  { given, position: begin, answers }: InlineCall,
  control: InlineControl,
): Promise<InlineOutcome> {
  let progress = 0;

  async function work({ message, forMs }: Extract<Step, { kind: 'work' }>): Promise<void> {
    const { total } = control;
    control.onMessage(message, total === undefined ? { progress } : { progress, total });
    await sleep(control.pace.duration(forMs), undefined, { signal: control.signal });
  }

  async function performStep(step: Step, position: number): Promise<Answers> {
    switch (step.kind) {
      case 'work':
        if (position >= begin) await work(step);
        progress += 1;
        return {};
      case 'ask':
        if (position >= begin) checkAnswers(step.questions, answers);
        return answersTo(step.questions, answers, position);
      case 'page':
        throw new ToolFailure({ code: -32603, message: 'Waiting for a page needs a task' });
    }
  }

  try {
    const outcome = await runTool(run, { ...given, pageUrl: '' }, control.signal, performStep);
    if (outcome.kind === 'failed') return outcome;
    const { ending } = outcome;
    return ending === undefined ? { kind: 'ended', answers } : { kind: 'returned', result: ending.result };
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return { kind: 'asks', questions: error.questions, position: error.position, answers };
  }
}

/** @throws {Unanswered} with the questions that have no answer */
function answersTo(questions: Questions, answers: Answers, position: number): Answers {
  const open = Object.entries(questions).filter(([key]) => !Object.hasOwn(answers, key));
  if (open.length > 0) throw new Unanswered(Object.fromEntries(open), position);
  return Object.fromEntries(Object.entries(answers).filter(([key]) => Object.hasOwn(questions, key)));
}
