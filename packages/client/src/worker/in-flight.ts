import type { Clock } from '../clock.ts';
import { ConnectionFailure } from '../connect/connection.ts';
import type { LazyAbort } from './lazy-abort.ts';
import { createRequestQueue, type Waiter } from './request-queue.ts';

/** `first`: an answer or a cancel; sent before every waiting poll. */
export type Priority = 'first' | 'usual';

/** The queue of requests to one server: those of priority `first` before the others, each in order of arrival. */
export interface InFlight {
  /** Undefined when a place is free now; else resolves when it is. @throws {ConnectionFailure} `aborted` */
  acquire(tenure?: LazyAbort, priority?: Priority): Promise<void> | undefined;
  /** Admits as many waiting requests as the limit allows now. */
  admit(): void;
}

interface InFlightOptions {
  readonly clock: Clock;
  /** Takes a place, or returns `full` until a request ends, or a pause in ms. */
  enter(): 'entered' | 'full' | { readonly pauseMs: number };
}

const aborted = (): ConnectionFailure =>
  new ConnectionFailure({ kind: 'aborted', message: 'The request was aborted before it was sent' });

export function createInFlight({ clock, enter }: InFlightOptions): InFlight {
  const queues = { first: createRequestQueue(), usual: createRequestQueue() };
  let waiters = 0;
  let cancelPause: (() => void) | undefined;

  /** A pause has a timer only while requests wait. */
  function pause(pauseMs: number): void {
    cancelPause ??= clock.schedule(pauseMs, () => {
      cancelPause = undefined;
      admit();
    });
  }

  function nextQueue() {
    return queues.first.next() === undefined ? queues.usual : queues.first;
  }

  function admit(): void {
    for (let queue = nextQueue(); queue.next() !== undefined; queue = nextQueue()) {
      const entered = enter();
      if (typeof entered === 'object') pause(entered.pauseMs);
      if (entered !== 'entered') return;
      queue.shift()?.enter();
    }
  }

  function wait(tenure: LazyAbort | undefined, priority: Priority): Promise<void> {
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
      queues[priority].push(waiter);
    });
  }

  return {
    admit,
    acquire(tenure, priority = 'usual') {
      if (tenure?.isAborted) return Promise.reject(aborted());
      if (waiters > 0) return wait(tenure, priority);
      const entered = enter();
      if (entered === 'entered') return undefined;
      if (typeof entered === 'object') pause(entered.pauseMs);
      return wait(tenure, priority);
    },
  };
}
