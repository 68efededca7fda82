import type { Clock } from '../clock.ts';
import { ConnectionFailure } from '../connect/connection.ts';
import type { LazyAbort } from './lazy-abort.ts';

/** Requests that wait for their turn, in the order they came. One that is aborted leaves the queue. */
export interface InFlight {
  /** Undefined when the place is free now; else resolves when it is. @throws {ConnectionFailure} `aborted` */
  take(tenure?: LazyAbort): Promise<void> | undefined;
  /** Lets in as many as may enter now. */
  admit(): void;
}

interface Waiter {
  enter(): void;
  left: boolean;
}

interface InFlightOptions {
  readonly clock: Clock;
  /** Takes a place, or says why there is none: `full` until somebody leaves, or a pause of so many ms. */
  enter(): 'entered' | 'full' | { readonly pauseMs: number };
}

const aborted = (): ConnectionFailure =>
  new ConnectionFailure({ kind: 'aborted', message: 'The request was given up before it was sent' });

export function createInFlight({ clock, enter }: InFlightOptions): InFlight {
  let waiting: Waiter[] = [];
  let first = 0;
  let waiters = 0;
  let cancelPause: (() => void) | undefined;

  function next(): Waiter | undefined {
    while (waiting[first]?.left === true) first += 1;
    return waiting[first];
  }

  function drop(): void {
    first += 1;
    if (first < 1_000) return;
    waiting = waiting.slice(first);
    first = 0;
  }

  /** A pause keeps a timer only for as long as somebody waits. */
  function pause(pauseMs: number): void {
    cancelPause ??= clock.schedule(pauseMs, () => {
      cancelPause = undefined;
      admit();
    });
  }

  function admit(): void {
    for (let waiter = next(); waiter !== undefined; waiter = next()) {
      const entered = enter();
      if (typeof entered === 'object') pause(entered.pauseMs);
      if (entered !== 'entered') return;
      drop();
      waiter.enter();
    }
  }

  function wait(tenure: LazyAbort | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiter.left = true;
        waiters -= 1;
        if (waiters === 0) cancelPause?.();
        if (waiters === 0) cancelPause = undefined;
        reject(aborted());
      };
      const waiter: Waiter = {
        left: false,
        enter() {
          waiters -= 1;
          tenure?.offAbort(leave);
          resolve();
        },
      };
      tenure?.onAbort(leave);
      waiters += 1;
      waiting.push(waiter);
    });
  }

  return {
    admit,
    take(tenure) {
      if (tenure?.isAborted) return Promise.reject(aborted());
      if (waiters > 0) return wait(tenure);
      const entered = enter();
      if (entered === 'entered') return undefined;
      if (typeof entered === 'object') pause(entered.pauseMs);
      return wait(tenure);
    },
  };
}
