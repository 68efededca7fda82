import type { NewTask } from './create-task.ts';
import type { Pace } from './options.ts';
import type { Answers, DemoTool } from './script.ts';
import { type DemoTask, isAsking } from './task-row.ts';

/** A new task, at its first step. */
export function openTask({ tool, startsWorking }: NewTask, blank: DemoTask, now: number, pace: Pace): DemoTask {
  const first = enterStep(tool, blank, 0, now, pace);
  if (startsWorking !== true || first.status === 'working') return first;
  return { ...blank, position: -1, message: 'Starting', dueAt: now };
}

/** The task moved to the step at `position`. */
export function enterStep(tool: DemoTool, task: DemoTask, position: number, now: number, pace: Pace): DemoTask {
  const step = tool.plan(task)[position];
  const next = { ...task, position, updatedAt: now, questions: {}, dueAt: null };
  if (step === undefined) {
    return { ...next, status: 'failed', message: 'The demo lost its place', error: INTERNAL };
  }
  switch (step.kind) {
    case 'work':
      return { ...next, status: 'working', message: step.message, dueAt: now + pace.duration(step.forMs) };
    case 'ask':
      return { ...next, status: 'input_required', message: step.message, questions: step.questions };
    case 'await-page':
      if (task.pageVisited) return enterStep(tool, task, position + 1, now, pace);
      return { ...next, status: 'working', message: step.message, dueAt: now + step.withinMs };
    case 'return':
      return { ...next, status: 'completed', message: step.message ?? 'Done', result: step.result };
    case 'fail':
      return { ...next, status: 'failed', message: step.message ?? step.error.message, error: step.error };
  }
}

/** The task after its due step (`dueAt` has passed). */
export function leaveStep(tool: DemoTool, task: DemoTask, now: number, pace: Pace): DemoTask {
  const step = tool.plan(task)[task.position];
  if (step?.kind === 'await-page' && !task.pageVisited) {
    return {
      ...task,
      updatedAt: now,
      dueAt: null,
      status: 'failed',
      message: 'Nobody opened the page in time',
      error: { code: -32603, message: 'Nobody opened the page in time' },
    };
  }
  return enterStep(tool, task, task.position + 1, now, pace);
}

/**
 * The task with these answers, which must fit. Keys without an open question are ignored; the first answer to a key
 * wins.
 */
export function applyAnswers(
  tool: DemoTool,
  task: DemoTask,
  responses: Readonly<Record<string, unknown>>,
  now: number,
  pace: Pace,
): DemoTask {
  if (!isAsking(task)) return task;
  const taken = Object.entries(responses).filter(([key]) => Object.hasOwn(task.questions, key));
  if (taken.length === 0) return task;
  const answers: Answers = { ...task.answers, ...(Object.fromEntries(taken) as Answers) };
  const questions = Object.fromEntries(
    Object.entries(task.questions).filter(([key]) => !taken.some(([answered]) => answered === key)),
  );
  const next = { ...task, answers, questions, updatedAt: now };
  if (Object.keys(questions).length > 0) return next;
  if (task.slowAckMs > 0) {
    // Questions stay listed until the delayed answer takes effect.
    return { ...next, questions: task.questions, dueAt: now + task.slowAckMs };
  }
  return enterStep(tool, next, task.position + 1, now, pace);
}

const INTERNAL = { code: -32603, message: 'The demo lost its place in this task' };
