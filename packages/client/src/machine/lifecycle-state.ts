import type { JudgedFailure } from '../task/failure.ts';
import type { JsonObject } from '../task/json.ts';
import { type TaskRecord, writtenAt } from '../task/record.ts';
import type { InputRequest, InputResponse, Outcome, TaskSnapshot } from '../task/task.ts';
import type { ProtocolTraits } from '../task/traits.ts';
import { pendingAnswers } from './questions.ts';

/** One task as the process that drives it sees it: the record, and what is under way. */
export interface Lifecycle {
  readonly record: TaskRecord;
  readonly failures: number;
  /** When the next poll may go out; null while one is under way. */
  readonly pollAt: number | null;
  /** When the last poll went out. */
  readonly polledAt: number;
  /** When the server last asked by a request of its own. */
  readonly askedAt: number;
  readonly retryAnswersAt: number;
  readonly retryCancelAt: number;
  readonly fetchAt: number;
  readonly sending: readonly string[];
  /** Answers that may have gone out before, from here or from the process that drove the task before us. */
  readonly maybeSent: readonly string[];
  readonly cancelling: boolean;
  readonly fetching: boolean;
  readonly repeating: boolean;
  /** How often in a row the server asked for input before the task and put no question. */
  readonly emptyRounds: number;
  /** Why driving stopped although the task is not settled: authentication, or a server that no longer does tasks. */
  readonly halted: Outcome | null;
  /** Answers the server said it knows no task for: the next poll tells whether it is the task or the answers. */
  readonly doubtedAnswers: readonly string[];
  readonly cancelDoubted: boolean;
  /** The task ended while answers were on their way: whether they were taken is known when the server answers them. */
  readonly ending: Observed | null;
  /** The newest instant seen, to notice a clock that was set back. */
  readonly seenAt: number;
  readonly traits: ProtocolTraits;
  readonly minPollIntervalMs: number;
  /** Only watches: polls, and neither answers, cancels, calls, nor takes in the questions of a stream. */
  readonly handsOff: boolean;
}

export interface Moment {
  readonly now: number;
  /** A number in [0, 1), for jitter. */
  readonly chance: number;
}

export interface Observed extends Moment {
  readonly type: 'task-observed';
  readonly snapshot: TaskSnapshot;
  readonly polled: boolean;
  /** The keys for which the server waits on a stream that is open, where it asks by requests. */
  readonly asked?: readonly string[];
}

export type LifecycleEvent = Moment &
  (
    | { readonly type: 'time-passed' }
    /** Somebody wants to go on, who may have signed in meanwhile. */
    | { readonly type: 'taken-up' }
    | Omit<Observed, keyof Moment>
    | { readonly type: 'poll-failed'; readonly failure: JudgedFailure }
    | { readonly type: 'question-arrived'; readonly key: string; readonly request: InputRequest }
    | { readonly type: 'answers-acknowledged'; readonly keys: readonly string[] }
    | { readonly type: 'answers-failed'; readonly keys: readonly string[]; readonly failure: JudgedFailure }
    /** The server takes them as replies to its requests, and has sent none on this connection yet. */
    | { readonly type: 'answers-not-wanted-yet'; readonly keys: readonly string[] }
    | { readonly type: 'cancel-acknowledged' }
    | { readonly type: 'cancel-failed'; readonly failure: JudgedFailure }
    | { readonly type: 'result-fetched'; readonly result: JsonObject }
    | { readonly type: 'result-failed'; readonly failure: JudgedFailure }
    | { readonly type: 'call-settled'; readonly outcome: Outcome }
    | {
        readonly type: 'call-asked';
        readonly requests: Readonly<Record<string, InputRequest>>;
        readonly requestState?: string | undefined;
      }
    | { readonly type: 'call-lost'; readonly failure: JudgedFailure }
  );

export type Effect =
  | { readonly type: 'poll' }
  | { readonly type: 'send-answers'; readonly responses: Readonly<Record<string, InputResponse>> }
  | { readonly type: 'send-cancel' }
  /** The result where it is fetched apart, and before that the stream on which questions come. */
  | { readonly type: 'open-result' }
  /** The call again with the answers it asked for; not a second call. */
  | { readonly type: 'repeat-call'; readonly responses: Readonly<Record<string, InputResponse>> }
  | { readonly type: 'wake'; readonly at: number };

export function createLifecycle(
  record: TaskRecord,
  options: Pick<Lifecycle, 'traits' | 'minPollIntervalMs'> & { readonly handsOff?: boolean },
): Lifecycle {
  return {
    record,
    failures: 0,
    pollAt: record.nextPollAt ?? 0,
    polledAt: 0,
    askedAt: Number.NEGATIVE_INFINITY,
    retryAnswersAt: 0,
    retryCancelAt: 0,
    fetchAt: 0,
    sending: [],
    maybeSent: Object.keys(pendingAnswers(record.ledger)),
    cancelling: false,
    fetching: false,
    repeating: false,
    emptyRounds: 0,
    halted: null,
    doubtedAnswers: [],
    cancelDoubted: false,
    ending: null,
    seenAt: writtenAt(record),
    handsOff: false,
    ...options,
  };
}
