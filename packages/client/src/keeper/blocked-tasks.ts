import type { FollowedTask } from '../api/handle-api.ts';
import { TaskError } from '../errors.ts';
import type { TaskRecord } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';

/** Ends the waits for blocked tasks: those that the keeper reports, or all when the keeper is gone. */
export interface BlockedTasks {
  /** The keeper reported that a task is blocked. */
  report(id: string, outcome: Outcome): void;
  /** The keeper is gone: no task can be polled. */
  end(reason: string): void;
  /** A handle whose wait also ends when its task is blocked. */
  watch(handle: FollowedTask): FollowedTask;
}

interface Waiter {
  readonly id: string;
  readonly resolve: (outcome: Outcome) => void;
}

export function createBlockedTasks(): BlockedTasks {
  const waiting = new Set<Waiter>();
  let end: (reason: string) => void = () => undefined;
  const gone = new Promise<string>((resolve) => {
    end = resolve;
  });

  /** Resolves with the keeper's next report about this task. */
  function nextReport(id: string, signal: AbortSignal): Promise<Outcome> {
    return new Promise((resolve) => {
      const waiter: Waiter = { id, resolve };
      waiting.add(waiter);
      signal.addEventListener('abort', () => waiting.delete(waiter), { once: true });
    });
  }

  function watch(handle: FollowedTask): FollowedTask {
    /** A handle reports the lost keeper once; its second wait reads the record only. */
    let hasReportedLoss = false;
    const withoutKeeper = async (): Promise<Outcome> => {
      const reason = await gone;
      hasReportedLoss = true;
      return unreachable(handle.latest, reason);
    };
    const withoutAnswer = async (): Promise<never> => {
      const reason = await gone;
      throw lostCall(handle.latest, reason);
    };

    const watched: FollowedTask = {
      get id() {
        return handle.id;
      },
      get latest() {
        return handle.latest;
      },
      record: () => handle.record(),
      follow: async () => watched,
      accepted: (options) => Promise.race([handle.accepted(options), withoutAnswer()]),
      updates: () => handle.updates(),
      async outcome(options = {}) {
        const stop = new AbortController();
        const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
        const lost = hasReportedLoss ? [] : [withoutKeeper()];
        try {
          const ends = [handle.outcome({ ...options, signal }), nextReport(handle.id, stop.signal), ...lost];
          const first = await Promise.race(ends);
          return handle.latest.outcome ?? first;
        } finally {
          stop.abort();
        }
      },
      question: (key, digest) => handle.question(key, digest),
      cancel: (options) => handle.cancel(options),
      refresh: () => Promise.race([handle.refresh(), gone.then(() => handle.latest)]),
      detach: () => handle.detach(),
    };
    return watched;
  }

  return {
    report(id, outcome) {
      for (const waiter of [...waiting]) if (waiter.id === id) waiter.resolve(outcome);
    },
    end: (reason) => end(reason),
    watch,
  };
}

function unreachable({ server }: TaskRecord, reason: string): Outcome {
  return { status: 'unreachable', error: { code: null, message: `${server.label}: ${reason}` } };
}

function lostCall({ id, tool, server }: TaskRecord, reason: string): TaskError {
  const hint = `It may have run: check the server. Record ${id} keeps the call, and it is never repeated automatically.`;
  return new TaskError('connection-lost', `No answer to ${tool} from ${server.label}: ${reason}`, { hint });
}
