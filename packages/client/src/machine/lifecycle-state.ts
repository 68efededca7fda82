import type { JudgedFailure, Verdict } from '../task/failure.ts';
import type { JsonObject } from '../task/json.ts';
import type { Progress } from '../task/progress.ts';
import { type TaskRecord, writtenAt } from '../task/record.ts';
import type { InputRequest, InputResponse, Outcome, TaskSnapshot } from '../task/task.ts';
import type { ProtocolTraits } from '../task/traits.ts';
import { pendingAnswers } from './questions.ts';

/**
 * One kind of request. `doubted`: the server answered that it knows no such task, which may be said of the task or of
 * what was sent; or nobody knows whether it arrived. The next poll tells.
 */
export type Flight = 'idle' | 'out' | 'doubted';

export type Polling =
  /** The next poll goes out then. */
  | { readonly kind: 'due'; readonly at: number }
  | { readonly kind: 'out' }
  /** Nothing is asked any more, although the task is not settled. `at`: the pace, should somebody resume. */
  | { readonly kind: 'stopped'; readonly why: StopReason; readonly outcome: Outcome; readonly at: number };

/** A sign-in is wanted; the server has no tasks any more; it finds our request wrong. Only the first ends by resuming. */
export type StopReason = Extract<Verdict, 'auth' | 'no-tasks' | 'our-bug'>;

/** One task as the process that drives it sees it: the record, and what is under way. Instants in ms since 1970. */
export interface Lifecycle {
  readonly record: TaskRecord;
  /** Failures in a row of what was asked about the task. */
  readonly failures: number;
  readonly polling: Polling;
  /** The keys of the answers that are out or doubted. */
  readonly answers: ReadonlyMap<string, Exclude<Flight, 'idle'>>;
  /** The keys of the answers that may have gone out, from here or from the process that drove the task before. */
  readonly maybeSent: ReadonlySet<string>;
  readonly cancel: Flight;
  /** The result where it is fetched apart, or the stream before it. */
  readonly result: Exclude<Flight, 'doubted'>;
  /** The call again, with the answers that it asked for. */
  readonly repeat: Exclude<Flight, 'doubted'>;
  /** When an answer that must not go out twice last came into doubt: only a poll that goes out later tells of it. */
  readonly doubtedAt: number;
  /** Not before these are they sent again. */
  readonly answersAt: number;
  readonly cancelAt: number;
  readonly resultAt: number;
  /** When the last poll went out. */
  readonly polledAt: number;
  /** When a poll last went out before its time, since somebody wanted to know. */
  readonly earlyAt: number;
  /** When the server last asked by a request of its own. */
  readonly askedAt: number;
  /** How often in a row the server asked for input before the task and put no question. */
  readonly emptyRounds: number;
  /** The end of the task, seen while answers were out: it is taken in when the server has replied to them. */
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
    /** Somebody resumes, who may have signed in meanwhile. */
    | { readonly type: 'taken-up' }
    /** The connection was opened anew: what waits out failures is due within one poll interval. */
    | { readonly type: 'reconnected' }
    /** Somebody wants to know now how the task stands: it is polled once before its time. */
    | { readonly type: 'look-wanted' }
    | Omit<Observed, keyof Moment>
    | { readonly type: 'progress-reported'; readonly progress: Progress }
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
    /** `warning`: what should have come with it and did not. */
    | { readonly type: 'call-settled'; readonly outcome: Outcome; readonly warning?: string | undefined }
    | {
        readonly type: 'call-asked';
        readonly requests: Readonly<Record<string, InputRequest>>;
        readonly requestState?: string | undefined;
      }
    | { readonly type: 'call-lost'; readonly failure: JudgedFailure }
  );

type Unstamp<Event> = Event extends LifecycleEvent ? Omit<Event, keyof Moment> : never;
/** An event whose time is told apart. */
export type UnstampedEvent = Unstamp<LifecycleEvent>;

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
    polling: { kind: 'due', at: record.nextPollAt ?? 0 },
    answers: new Map(sentOnce(record, options.traits).map((key) => [key, 'doubted'])),
    maybeSent: new Set(Object.keys(pendingAnswers(record.ledger))),
    cancel: 'idle',
    result: 'idle',
    repeat: 'idle',
    doubtedAt: Number.NEGATIVE_INFINITY,
    answersAt: 0,
    cancelAt: 0,
    resultAt: 0,
    polledAt: 0,
    earlyAt: Number.NEGATIVE_INFINITY,
    askedAt: Number.NEGATIVE_INFINITY,
    emptyRounds: 0,
    ending: null,
    seenAt: writtenAt(record),
    handsOff: false,
    ...options,
  };
}

/** The answers that the process before has sent, and that must not be sent again: nobody heard whether they arrived. */
function sentOnce({ ledger }: TaskRecord, { answers }: ProtocolTraits): readonly string[] {
  if (answers !== 'once') return [];
  return Object.entries(pendingAnswers(ledger)).flatMap(([key, { sentAt }]) => (sentAt === undefined ? [] : [key]));
}

/** A new lease: nothing is out, and what this process learnt before goes on counting. `keepStop` for who only watches. */
export function renewLifecycle(fresh: Lifecycle, former: Lifecycle, keepStop: boolean): Lifecycle {
  const isKept = keepStop && former.polling.kind === 'stopped';
  return { ...fresh, failures: former.failures, polling: isKept ? former.polling : fresh.polling };
}

/** Why polling stopped, as waiting for the task says it; the same object until it is asked about again. */
export function stopOf({ polling }: Lifecycle): Outcome | null {
  return polling.kind === 'stopped' ? polling.outcome : null;
}

/** Neither a poll nor the result is out. */
export function isResting({ polling, result }: Lifecycle): boolean {
  return polling.kind !== 'out' && result === 'idle';
}
