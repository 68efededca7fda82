import { type Clock, monotonicNow } from '../clock.ts';
import { ConnectionFailure } from '../connect/connection.ts';
import { createInFlight, type InFlight, type Priority } from './in-flight.ts';
import type { LazyAbort } from './lazy-abort.ts';

const PROCESS_LIMIT = 64;
const FIRST_LIMIT = 8;
/** An answer that takes longer than this many times the usual, or than the usual and this long, is slow. */
const SLOW_FACTOR = 2;
const SLOW_MS = 50;
/** How fast the usual time of an answer follows slower ones, while the server has little to do for us. */
const DRIFT = 0.05;
const LONGEST_PAUSE_MS = 3_600_000;

/**
 * How many requests are in flight at one server; the rest wait, answers and cancels ahead of polls. The limit starts at 8,
 * grows while answers come as fast as before, and is halved on 429, 503 and time-outs. A Retry-After pauses all of them.
 */
export interface RequestLimit {
  /**
   * Takes a place: undefined when one is free now, else resolves with it. Tell by `left` when the request has ended.
   * @throws {ConnectionFailure} `aborted` when `tenure` ends before that
   */
  enter(tenure?: LazyAbort, priority?: Priority): Promise<void> | undefined;
  /** The instant at which a request begins, as `left` wants it. */
  now(): number;
  /** The request that began then was answered; with `error`, it failed. */
  left(beganAt: number, error?: unknown): void;
  /** Does work in a place. @throws {ConnectionFailure} as `enter` */
  run<T>(work: () => Promise<T>, tenure?: LazyAbort, priority?: Priority): Promise<T>;
  /** Lets nothing in for so long: another process was told so by the server. */
  pause(forMs: number): void;
  /** Told for how long the server wants no requests, each time it says so. */
  onPushback(listener: (forMs: number) => void): void;
  /** How many may be in flight now. */
  readonly limit: number;
}

export interface RequestLimitOptions {
  /** Never more than this many. @default 64 */
  readonly max?: number | undefined;
  /** Where it starts. @default 8 */
  readonly first?: number;
  /** The places that all servers share. @default 64 of its own */
  readonly places?: Places;
}

/** How many requests may be in flight at all servers together. */
interface Places {
  inUse: number;
  /** Servers that have room for more, and wait for others to leave a place. */
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
  /** Doubles the limit each round, until the first answer that is slow or refused. */
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
    // Those that were in flight together tell the same thing: halved once.
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
    enter: queue.take,
    now,
    left,
    async run(work, tenure, priority) {
      await queue.take(tenure, priority);
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

/** One for all clients of a process that ask the same server; the first of them says how many at most. */
export function requestLimitOf(clock: Clock, fingerprint: string, max?: number): RequestLimit {
  const ofClock = limits.get(clock) ?? new Map<string, WeakRef<RequestLimit>>();
  limits.set(clock, ofClock);
  const known = ofClock.get(fingerprint)?.deref();
  if (known !== undefined) return known;
  const limit = createRequestLimit(clock, { max, places: processPlaces });
  ofClock.set(fingerprint, new WeakRef(limit));
  return limit;
}
