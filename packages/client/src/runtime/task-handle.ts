import { digestQuestion, pendingAnswers } from '../core/questions.ts';
import { openQuestions, type TaskRecord } from '../core/record.ts';
import type { InputResponse, Outcome } from '../core/task.ts';
import { TaskError } from '../errors.ts';
import type { OutcomeOptions, TaskHandle } from './client-api.ts';
import type { Follower, Surroundings } from './follower.ts';
import { validateAnswer } from './validate-answer.ts';

/** Resolves with the first value that is not undefined, looking again at each change; with undefined on abort. */
export function until<T>(follower: Follower, look: () => T | undefined, signal?: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const finish = (value: T | undefined): void => {
      remove();
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    };
    const onAbort = (): void => finish(undefined);
    const check = (): void => {
      try {
        const value = look();
        if (value !== undefined) finish(value);
      } catch (error) {
        remove();
        signal?.removeEventListener('abort', onAbort);
        reject(error);
      }
    };
    const remove = follower.onChange(check);
    if (signal?.aborted) return finish(undefined);
    signal?.addEventListener('abort', onAbort);
    check();
  });
}

/** Only unanswered questions are left: nothing of ours is on its way, and the server waits. */
function waitsForInput(record: TaskRecord): boolean {
  if (Object.keys(pendingAnswers(record.ledger)).length > 0) return false;
  return record.status === 'input_required' && Object.keys(openQuestions(record)).length > 0;
}

export function createTaskHandle(follower: Follower, around: Surroundings, forget: () => void): TaskHandle {
  const { store, clock } = around;
  const { id } = follower.record;
  const detached = new AbortController();

  function outcomeNow(options: OutcomeOptions): Outcome | undefined {
    const { record, condition } = follower;
    if (record.outcome !== null) return record.outcome;
    if (condition !== null) return condition;
    if (detached.signal.aborted || follower.signal.aborted) return { status: 'detached' };
    if (options.stopOnInput === true && waitsForInput(record)) return { status: 'input_required' };
    return undefined;
  }

  /** Through the record, also in our own process: whoever holds the lease sends it. */
  async function post(change: (record: TaskRecord) => TaskRecord): Promise<void> {
    const saved = await store.update(id, change);
    if (saved === undefined) throw new TaskError('not-found', `Task ${id} has no record any more`);
    if (follower.leading) await follower.dispatch({ type: 'time-passed' });
    else await follower.recordChanged(saved);
  }

  function refuseObserver(what: string): void {
    if (!around.observe) return;
    throw new TaskError('unsupported', `This client only watches: it does not ${what}`);
  }

  return {
    id,
    get record() {
      return follower.record;
    },
    updates() {
      const stream = follower.broadcast.subscribe({ kind: 'status', record: follower.record });
      return takeUntilSettled(stream, follower);
    },
    async outcome(options = {}) {
      const timer = new AbortController();
      const take = options.timeoutMs === undefined ? undefined : clock.schedule(options.timeoutMs, () => timer.abort());
      const signals = [timer.signal, ...(options.signal === undefined ? [] : [options.signal])];
      const stop = AbortSignal.any([...signals, detached.signal]);
      const outcome = await until(follower, () => outcomeNow(options), stop);
      take?.();
      return outcome ?? { status: timer.signal.aborted ? 'timed_out' : 'detached' };
    },
    async answer(key, response: InputResponse, options = {}) {
      refuseObserver('answer');
      const { record } = follower;
      const request = record.inputRequests[key];
      if (record.phase === 'settled') throw new TaskError('already-settled', `Task ${id} has ended; nothing was sent`);
      if (request === undefined || record.ledger[key]?.state !== 'open') {
        const open = Object.keys(openQuestions(record)).join(', ');
        const hint = open === '' ? 'It has no open question now.' : `Open questions: ${open}`;
        throw new TaskError('question-not-open', `Task ${id} has no open question "${key}"`, { hint });
      }
      validateAnswer(key, request, response);
      const digest = digestQuestion(request);
      const since = clock.now();
      await post((current) => {
        const entry = current.ledger[key];
        if (entry?.state !== 'open' || entry.digest !== digest) return current;
        return {
          ...current,
          updatedAt: since,
          ledger: { ...current.ledger, [key]: { state: 'answering', digest, response, since } },
        };
      });
      await until(follower, () => answered(follower, key), options.signal);
    },
    async cancel(options = {}) {
      refuseObserver('cancel');
      if (follower.record.phase === 'settled')
        throw new TaskError('already-settled', `Task ${id} has already finished`);
      if (follower.record.taskId === null)
        throw new TaskError('unsupported', `Call ${id} has no task yet that could be cancelled`);
      const at = clock.now();
      await post((current) =>
        current.phase === 'settled' ? current : { ...current, updatedAt: at, cancelRequestedAt: at },
      );
      await until(follower, () => cancelled(follower), options.signal);
    },
    async refresh() {
      const { observedAt, nextPollAt } = follower.record;
      if ((nextPollAt ?? 0) > clock.now()) return follower.record;
      await until(follower, () => {
        const { record, condition } = follower;
        const moved = record.observedAt > observedAt || record.phase !== 'open' || record.trouble !== undefined;
        return moved || condition !== null ? true : undefined;
      });
      return follower.record;
    },
    detach() {
      detached.abort();
      forget();
    },
  };
}

async function* takeUntilSettled<T extends { kind: string }>(
  stream: AsyncIterableIterator<T>,
  follower: Follower,
): AsyncIterableIterator<T> {
  const { record } = follower;
  if (record.outcome !== null) {
    yield { kind: 'settled', outcome: record.outcome, record } as unknown as T;
    return;
  }
  for await (const update of stream) {
    yield update;
    if (update.kind === 'settled') return;
  }
}

function answered(follower: Follower, key: string): true | undefined {
  const { record, condition } = follower;
  const entry = record.ledger[key];
  if (entry?.state === 'open') {
    const reason = record.trouble ?? 'the server refused it';
    throw new TaskError('answer-invalid', `The answer to "${key}" was not taken: ${reason}`, { hint: 'Answer again.' });
  }
  if (condition !== null && record.phase !== 'settled') {
    throw new TaskError(
      'unreachable',
      `The answer to "${key}" is saved, not sent: ${condition.error?.message ?? condition.status}`,
      {
        hint: 'It is sent as soon as the task is watched again.',
      },
    );
  }
  return entry?.state === 'answering' && record.phase !== 'intent' ? undefined : true;
}

function cancelled(follower: Follower): true | undefined {
  const { record, condition } = follower;
  if (record.phase === 'settled' || record.cancelAcknowledgedAt !== undefined) return true;
  if (record.cancelRequestedAt === undefined) {
    throw new TaskError('rpc-error', `The server refused to cancel: ${record.trouble ?? 'no reason given'}`);
  }
  if (condition === null) return undefined;
  throw new TaskError(
    'unreachable',
    `The wish to cancel is saved, not sent: ${condition.error?.message ?? condition.status}`,
  );
}
