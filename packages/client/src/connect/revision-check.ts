import { TaskError } from '../errors.ts';
import { asFailure } from './as-failure.ts';
import type { Connection, ConnectionFailure, Failure } from './connection.ts';

/** A server that still speaks its revision is not checked again for this time. */
const SAME_MS = 30_000;
/** `UnsupportedProtocolVersionError` of 2026-07-28. */
export const UNSUPPORTED_VERSION = -32022;

/** True for a refusal that a server sends to requests of a revision that it does not speak; others send it, too. */
export function mayRefuseRevision(failure: Failure): boolean {
  if (failure.kind === 'http') return failure.status === 400;
  return failure.kind === 'rpc' && (failure.httpStatus === 400 || failure.code === UNSUPPORTED_VERSION);
}

export interface RevisionCheckOptions {
  /** Opens a second connection. @throws an error with the cause `server-changed` if it speaks another revision */
  readonly open: () => Promise<Connection>;
  /** Monotonic clock in ms. @default `performance.now` */
  readonly now?: (() => number) | undefined;
}

/**
 * Compares the revision of an open connection with that of a second one: over HTTP a restarted server answers requests
 * of the first one, and no connection ends.
 */
export class RevisionCheck {
  readonly #open: () => Promise<Connection>;
  readonly #now: () => number;
  #running: Promise<ConnectionFailure | undefined> | undefined;
  #sameAt = Number.NEGATIVE_INFINITY;

  constructor({ open, now = () => performance.now() }: RevisionCheckOptions) {
    this.#open = open;
    this.#now = now;
  }

  /** Resolves to the failure of a server that changed its revision; undefined if it did not, or cannot be reached. */
  changed(): Promise<ConnectionFailure | undefined> {
    if (this.#now() - this.#sameAt < SAME_MS) return Promise.resolve(undefined);
    this.#running ??= this.#compare().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #compare(): Promise<ConnectionFailure | undefined> {
    try {
      const second = await this.#open();
      this.#sameAt = this.#now();
      void second.close().catch(() => undefined);
      return undefined;
    } catch (error) {
      const failed = asFailure(error);
      return TaskError.is(failed.cause) && failed.cause.code === 'server-changed' ? failed : undefined;
    }
  }
}
