import { type Clock, monotonicNow } from '../clock.ts';
import { ConnectionFailure } from '../connect/connection.ts';
import { createInFlight, type InFlight, type Priority } from './in-flight.ts';
import type { LazyAbort } from './lazy-abort.ts';

const PROCESS_LIMIT = 64;
const FIRST_LIMIT = 8;
/** A response is slow if it takes this many times the usual time, and `SLOW_MS` longer than usual. */
const SLOW_FACTOR = 2;
const SLOW_MS = 50;
/** The weight of a slower response in the usual time, while few requests are in flight. */
const DRIFT = 0.05;
const LONGEST_PAUSE_MS = 3_600_000;

/**
 * Limits the requests in flight at one server; the rest wait, answers and cancels ahead of polls. The limit starts at
 * 8, grows while responses stay fast, and is halved on 429, 503 and timeouts. A Retry-After pauses all requests.
 */
export interface RequestLimit {
  /**
   * Takes a place: undefined when one is free now, else resolves when it is. Call `left` when the request has ended.
   * @throws {ConnectionFailure} `aborted` when `tenure` ends before that
   */
  enter(tenure?: LazyAbort, priority?: Priority): Promise<void> | undefined;
  /** The start time of a request, to be passed to `left`. */
  now(): number;
  /** The request that started then has ended; with `error`, it failed. */
  left(beganAt: number, error?: unknown): void;
  /** Runs work in a place. @throws {ConnectionFailure} as `enter` */
  run<T>(work: () => Promise<T>, tenure?: LazyAbort, priority?: Priority): Promise<T>;
  /** Pauses all requests for this time: another process received a Retry-After. */
  pause(forMs: number): void;
  /** Called with the duration of each pause that the server asks for. */
  onPushback(listener: (forMs: number) => void): void;
  /** The current limit. */
  readonly limit: number;
}

export interface RequestLimitOptions {
  /** The maximum of the limit. @default 64 */
  readonly max?: number | undefined;
  /** The initial limit. @default 8 */
  readonly first?: number;
  /** The places that all servers share. @default 64 of its own */
  readonly places?: Places;
}

/** The limit of requests in flight at all servers together. */
interface Places {
  inUse: number;
  /** Servers below their own limit that wait for a shared place. */
  readonly crowded: Set<InFlight>;
}

const createPlaces = (): Places => ({ inUse: 0, crowded: new Set() });
const processPlaces = createPlaces();

function leave(places: Places): void {
  places.inUse -= 1;
  const [next] = places.crowded;
  if (next === undefined) return;
  places.crowded.delete(next);
  next.admit();
}

export function createRequestLimit(clock: Clock, options: RequestLimitOptions = {}): RequestLimit {
  const { max = PROCESS_LIMIT, first = FIRST_LIMIT, places = createPlaces() } = options;
  let limit = Math.min(first, max);
  let running = 0;
  /** Doubles the limit each round, until the first slow or refused response. */
  let isFirstRise = true;
  let usualMs = Number.POSITIVE_INFINITY;
  let halvedAt = Number.NEGATIVE_INFINITY;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  const listeners: ((forMs: number) => void)[] = [];
  const now = (): number => monotonicNow(clock);

  const queue = createInFlight({
    clock,
    enter() {
      if (running >= Math.floor(limit)) return 'full';
      const pauseMs = pausedUntil - now();
      if (pauseMs > 0) return { pauseMs };
      if (places.inUse >= PROCESS_LIMIT) {
        places.crowded.add(queue);
        return 'full';
      }
      running += 1;
      places.inUse += 1;
      return 'entered';
    },
  });

  function answered(tookMs: number): void {
    const isSlow = tookMs > Math.max(usualMs * SLOW_FACTOR, usualMs + SLOW_MS);
    const isQuiet = running <= limit / 2;
    if (tookMs < usualMs) usualMs = tookMs;
    else if (isQuiet) usualMs += (tookMs - usualMs) * DRIFT;
    if (isSlow) isFirstRise = false;
    const isUsed = running >= Math.floor(limit);
    if (!isSlow && isUsed) limit = Math.min(max, limit + (isFirstRise ? 1 : 1 / limit));
  }

  function pause(forMs: number): void {
    pausedUntil = Math.max(pausedUntil, now() + Math.min(forMs, LONGEST_PAUSE_MS));
  }

  function failed(error: unknown, beganAt: number): void {
    const failure = error instanceof ConnectionFailure ? error.failure : undefined;
    const isHttp = failure?.kind === 'http';
    const isPushedBack = isHttp && (failure.status === 429 || failure.status === 503);
    if (isPushedBack && failure.retryAfterMs !== undefined) {
      pause(failure.retryAfterMs);
      for (const listener of listeners) listener(Math.min(failure.retryAfterMs, LONGEST_PAUSE_MS));
    }
    if (!isPushedBack && failure?.kind !== 'timeout') return;
    isFirstRise = false;
    // Requests in flight together fail for the same reason: halve once.
    if (beganAt <= halvedAt) return;
    halvedAt = now();
    limit = Math.max(1, limit / 2);
  }

  function left(beganAt: number, error?: unknown): void {
    if (error === undefined) answered(now() - beganAt);
    else failed(error, beganAt);
    running -= 1;
    queue.admit();
    leave(places);
  }

  return {
    pause,
    onPushback: (listener) => void listeners.push(listener),
    get limit() {
      return Math.floor(limit);
    },
    enter: queue.acquire,
    now,
    left,
    async run(work, tenure, priority) {
      await queue.acquire(tenure, priority);
      const beganAt = now();
      try {
        const value = await work();
        left(beganAt);
        return value;
      } catch (error) {
        left(beganAt, error);
        throw error;
      }
    },
  };
}

const limits = new WeakMap<Clock, Map<string, WeakRef<RequestLimit>>>();

/** One limit for all clients of a process at the same server; the first client sets the maximum. */
export function requestLimitOf(clock: Clock, fingerprint: string, max?: number): RequestLimit {
  const ofClock = limits.get(clock) ?? new Map<string, WeakRef<RequestLimit>>();
  limits.set(clock, ofClock);
  const known = ofClock.get(fingerprint)?.deref();
  if (known !== undefined) return known;
  const limit = createRequestLimit(clock, { max, places: processPlaces });
  ofClock.set(fingerprint, new WeakRef(limit));
  return limit;
}
