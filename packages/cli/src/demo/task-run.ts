import type { Change, Claim, TaskRecord } from '@mcp-tasks/client';
import type { Pace } from './options.ts';
import { runTool, type Step } from './run-tool.ts';
import { type End, enterStep, openKeys, settleTask, stateOf } from './task-record.ts';
import { type Answers, type DemoTool, ToolFailure } from './tool.ts';

/** A tool that runs in this process, under the lease of its task. */
export interface TaskRun {
  /** Applies a newer version of the record: answers, a page visit, a cancellation. */
  receive(record: TaskRecord): void;
  /** Ends the run here. The next process that claims the task resumes it. */
  stop(): void;
}

export interface RunPorts {
  readonly pace: Pace;
  /** Writes under the lease, with retries. Resolves to `undefined` if the lease was lost or the record is gone. */
  readonly write: (claim: Claim, change: Change, event: string, signal: AbortSignal) => Promise<TaskRecord | undefined>;
  readonly onEnd: () => void;
}

/** Runs the tool of a claimed task from its step on record to its end. */
export function startRun(claim: Claim, tool: DemoTool, ports: RunPorts): TaskRun {
  let newest = claim.record;
  let wake: () => void = () => undefined;
  const stopping = new AbortController();
  const { signal } = stopping;
  signal.addEventListener('abort', () => wake(), { once: true });

  function receive(record: TaskRecord): void {
    if (stateOf(record).changes > stateOf(newest).changes) newest = record;
    if (newest.phase === 'settled') stopping.abort();
    wake();
  }

  async function write(event: string, change: Change): Promise<void> {
    const unlessSettled: Change = (record) => (record.phase === 'settled' ? record : change(record));
    const written = await ports.write(claim, unlessSettled, event, signal);
    if (written === undefined) stopping.abort();
    else receive(written);
  }

  /** Resolves at the next version of the record, or at this instant. @throws when the run was stopped */
  async function waitForChange(at: number | undefined): Promise<void> {
    signal.throwIfAborted();
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (at !== undefined) timer = setTimeout(resolve, Math.max(0, at - Date.now()));
    });
    clearTimeout(timer);
    signal.throwIfAborted();
  }

  async function waitUntilDue(): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const { nextPollAt } = newest;
      if (nextPollAt === undefined || Date.now() >= nextPollAt) return;
      await waitForChange(nextPollAt);
    }
  }

  async function waitForAnswers(position: number): Promise<Answers> {
    while (openKeys(newest).length > 0) await waitForChange(undefined);
    await waitUntilDue();
    return stateOf(newest).given[position] ?? {};
  }

  async function waitForVisit(): Promise<void> {
    const { nextPollAt = 0 } = newest;
    while (!stateOf(newest).pageVisited) {
      if (Date.now() >= nextPollAt) {
        throw new ToolFailure({ code: -32603, message: 'Nobody opened the page in time' });
      }
      await waitForChange(nextPollAt);
    }
  }

  async function performStep(step: Step, position: number): Promise<Answers> {
    const state = stateOf(newest);
    if (position < state.position) return state.given[position] ?? {};
    if (step.kind === 'page' && state.pageVisited) return {};
    if (position > state.position) {
      const event = state.given[state.position] === undefined ? 'stepped' : 'answered';
      await write(event, (record) => enterStep(record, step, position, Date.now(), ports.pace));
    }
    switch (step.kind) {
      case 'work':
        await waitUntilDue();
        return {};
      case 'ask':
        return waitForAnswers(position);
      case 'page':
        await waitForVisit();
        return {};
    }
  }

  async function run(): Promise<void> {
    const { before, pageUrl } = stateOf(newest);
    const outcome = await runTool(tool.run, { args: newest.arguments, before, pageUrl }, signal, performStep).catch(
      () => {
        signal.throwIfAborted();
        return { kind: 'failed', error: { code: -32603, message: 'The tool broke' } } as const;
      },
    );
    const end: End =
      outcome.kind === 'failed'
        ? { status: 'failed', error: outcome.error }
        : { status: 'completed', ...outcome.ending };
    await write(end.status, (record) => settleTask(record, end, Date.now()));
  }

  void run()
    .catch(() => stopping.abort())
    .finally(ports.onEnd);
  return { receive, stop: () => stopping.abort() };
}
