import type { JudgedFailure, Verdict } from '../task/failure.ts';
import type { JsonObject } from '../task/json.ts';
import type { Progress } from '../task/progress.ts';
import { type TaskRecord, writtenAt } from '../task/record.ts';
import type { InputRequest, InputResponse, Outcome, TaskSnapshot } from '../task/task.ts';
import type { ProtocolTraits } from '../task/traits.ts';
import { pendingAnswers } from './questions.ts';

/**
 * The state of one kind of request. `unconfirmed`: the server answered "no such task", which may mean the task or the
 * request; or the reply was lost. The next poll decides.
 */
export type Flight = 'idle' | 'out' | 'unconfirmed';

export type Polling =
  /** The next poll is due at this instant. */
  | { readonly kind: 'due'; readonly at: number }
  | { readonly kind: 'out' }
  /** Polling has stopped although the task is not settled. `at`: the due time of the next poll after a resume. */
  | { readonly kind: 'stopped'; readonly why: StopReason; readonly outcome: Outcome; readonly at: number };

/**
 * `auth`: a sign-in is required. `no-tasks`: the server no longer supports tasks. `our-bug`: the request was wrong.
 * Only `auth` ends by resuming.
 */
export type StopReason = Extract<Verdict, 'auth' | 'no-tasks' | 'our-bug'>;

/** One task in the process that drives it: the record and the requests in flight. Instants in ms since 1970. */
export interface Lifecycle {
  readonly record: TaskRecord;
  /** Consecutive failures of requests about the task. */
  readonly failures: number;
  readonly polling: Polling;
  /** The keys of answers that are in flight or unconfirmed. */
  readonly answers: ReadonlyMap<string, Exclude<Flight, 'idle'>>;
  /** The keys of answers that may have been sent, by this process or an earlier lease holder. */
  readonly maybeSent: ReadonlySet<string>;
  readonly cancel: Flight;
  /** The request of the result, or of the stream before it. */
  readonly result: Exclude<Flight, 'unconfirmed'>;
  /** The repeated call with the answers that it asked for. */
  readonly repeat: Exclude<Flight, 'unconfirmed'>;
  /** When a send-once answer last became unconfirmed: only a poll sent later shows whether it arrived. */
  readonly unconfirmedAt: number;
  /** Answers, cancel and result are not requested again before these instants. */
  readonly answersAt: number;
  readonly cancelAt: number;
  readonly resultAt: number;
  /** When the last poll was sent. */
  readonly polledAt: number;
  /** When a poll was last sent early, for a refresh. */
  readonly earlyAt: number;
  /** When the server last sent a question as a request. */
  readonly askedAt: number;
  /** Requests for input before the task that had no question: how many in a row. */
  readonly emptyRounds: number;
  /** The end of the task, observed while answers were in flight: applied when the server has replied to them. */
  readonly ending: Observed | null;
  /** The newest instant seen, to detect a clock that moved back. */
  readonly seenAt: number;
  readonly traits: ProtocolTraits;
  readonly minPollIntervalMs: number;
  /** Observer: polls, and sends no answers, cancels or calls, and receives no questions on a stream. */
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
  /** The keys whose requests are pending on an open stream, for a protocol that asks by requests. */
  readonly asked?: readonly string[];
}

export type LifecycleEvent = Moment &
  (
    | { readonly type: 'time-passed' }
    /** A caller resumes the task and may have signed in meanwhile. */
    | { readonly type: 'resumed' }
    /** The connection was reopened: retries that wait out a back-off are due within one poll interval. */
    | { readonly type: 'reconnected' }
    /** A caller asked for a refresh: the task is polled once before its time. */
    | { readonly type: 'refresh-requested' }
    | Omit<Observed, keyof Moment>
    | { readonly type: 'progress-reported'; readonly progress: Progress }
    | { readonly type: 'poll-failed'; readonly failure: JudgedFailure }
    | { readonly type: 'question-arrived'; readonly key: string; readonly request: InputRequest }
    | { readonly type: 'answers-acknowledged'; readonly keys: readonly string[] }
    | { readonly type: 'answers-failed'; readonly keys: readonly string[]; readonly failure: JudgedFailure }
    /** The server accepts answers only as replies to its requests, and has sent no request on this connection yet. */
    | { readonly type: 'answers-unrequested'; readonly keys: readonly string[] }
    | { readonly type: 'cancel-acknowledged' }
    | { readonly type: 'cancel-failed'; readonly failure: JudgedFailure }
    | { readonly type: 'result-fetched'; readonly result: JsonObject }
    | { readonly type: 'result-failed'; readonly failure: JudgedFailure }
    /** `warning`: what the result lacks, for people. */
    | { readonly type: 'call-settled'; readonly outcome: Outcome; readonly warning?: string | undefined }
    | {
        readonly type: 'call-asked';
        readonly requests: Readonly<Record<string, InputRequest>>;
        readonly requestState?: string | undefined;
      }
    | { readonly type: 'call-lost'; readonly failure: JudgedFailure }
  );

type Unstamp<Event> = Event extends LifecycleEvent ? Omit<Event, keyof Moment> : never;
/** An event without its time. */
export type UnstampedEvent = Unstamp<LifecycleEvent>;

export type Effect =
  | { readonly type: 'poll' }
  | { readonly type: 'send-answers'; readonly responses: Readonly<Record<string, InputResponse>> }
  | { readonly type: 'send-cancel' }
  /** Fetches the result, or opens the stream of questions before it. */
  | { readonly type: 'open-result' }
  /** Repeats the call with the answers that it asked for; not a second call. */
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
    answers: new Map(sentOnce(record, options.traits).map((key) => [key, 'unconfirmed'])),
    maybeSent: new Set(Object.keys(pendingAnswers(record.ledger))),
    cancel: 'idle',
    result: 'idle',
    repeat: 'idle',
    unconfirmedAt: Number.NEGATIVE_INFINITY,
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

/** Send-once answers of the earlier process: never sent again, since their replies are unknown. */
function sentOnce({ ledger }: TaskRecord, { answers }: ProtocolTraits): readonly string[] {
  if (answers !== 'once') return [];
  return Object.entries(pendingAnswers(ledger)).flatMap(([key, { sentAt }]) => (sentAt === undefined ? [] : [key]));
}

/**
 * The state under a new lease: no request is in flight, and the failure count stays. `keepStop`: polling that stopped
 * stays stopped (observer).
 */
export function renewLifecycle(fresh: Lifecycle, former: Lifecycle, keepStop: boolean): Lifecycle {
  const isKept = keepStop && former.polling.kind === 'stopped';
  return { ...fresh, failures: former.failures, polling: isKept ? former.polling : fresh.polling };
}

/** The outcome that a stopped poll gives to waiting callers; the same object until polling resumes. */
export function stopOf({ polling }: Lifecycle): Outcome | null {
  return polling.kind === 'stopped' ? polling.outcome : null;
}

/** Neither a poll nor the result request is in flight. */
export function isResting({ polling, result }: Lifecycle): boolean {
  return polling.kind !== 'out' && result === 'idle';
}
