import { TaskError } from '../errors.ts';
import type { Deliveries, Delivery } from '../worker/deliveries.ts';
import type { TaskUpdate } from './client-api.ts';

interface Event {
  readonly update: TaskUpdate;
  readonly delivery?: Delivery;
}

/** The one loop over what happens to the tasks of a worker. */
export interface WorkerEvents {
  /** Somebody listens: nothing needs to be told otherwise. */
  readonly isHeard: boolean;
  tell(update: TaskUpdate): void;
  deliver(delivery: Delivery): void;
  listen(): AsyncIterableIterator<TaskUpdate>;
  /** Ends the loop after the event in hand; resolves when that was handled. */
  end(): Promise<void>;
}

export interface WorkerEventsOptions {
  /** Begins to claim what is to be delivered. */
  begin(): Deliveries;
  /** What stands open now, told first. */
  present(): readonly TaskUpdate[];
}

/** @throws {TaskError} `unsupported` from `listen`, for a second loop */
export function createWorkerEvents({ begin, present }: WorkerEventsOptions): WorkerEvents {
  let queue: Event[] = [];
  let deliveries: Deliveries | undefined;
  let inHand: Delivery | undefined;
  let wake: (() => void) | undefined;
  let handled: (() => void) | undefined;
  let isOver = false;

  function put(event: Event): void {
    if (deliveries === undefined) return;
    queue.push(event);
    wake?.();
  }

  /** What another worker may deliver by now is left to it. */
  function take(): Event | undefined {
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
      if (event.delivery?.isOurs ?? true) return event;
    }
    return undefined;
  }

  function putDown(isHandled: boolean): void {
    if (isHandled) inHand?.done();
    inHand = undefined;
    handled?.();
  }

  async function next(): Promise<IteratorResult<TaskUpdate, undefined>> {
    putDown(true);
    while (!isOver && deliveries !== undefined) {
      const event = take();
      if (event !== undefined) {
        inHand = event.delivery;
        return { done: false, value: event.update };
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return { done: true, value: undefined };
  }

  async function leave(): Promise<void> {
    const running = deliveries;
    deliveries = undefined;
    queue = [];
    putDown(false);
    wake?.();
    await running?.stop();
  }

  return {
    get isHeard() {
      return deliveries !== undefined;
    },
    tell: (update) => put({ update }),
    deliver(delivery) {
      const { record } = delivery;
      if (record.outcome !== null) put({ update: { kind: 'settled', outcome: record.outcome, record }, delivery });
    },
    listen() {
      if (deliveries !== undefined) throw new TaskError('unsupported', 'The events of this worker are read already');
      queue = present().map((update) => ({ update }));
      deliveries = begin();
      return {
        next,
        async return() {
          await leave();
          return { done: true, value: undefined };
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
    async end() {
      isOver = true;
      wake?.();
      if (inHand === undefined) return;
      await new Promise<void>((resolve) => {
        handled = resolve;
      });
    },
  };
}
