import { TaskError } from '../errors.ts';
import type { Deliveries, Delivery } from '../worker/deliveries.ts';
import type { TaskUpdate } from './client-api.ts';

interface Event {
  readonly update: TaskUpdate;
  readonly delivery?: Delivery;
}

/** The single loop over the events of a worker. */
export interface WorkerEvents {
  /** Whether a loop runs: events then reach the host through it. */
  readonly isReading: boolean;
  publish(update: TaskUpdate): void;
  deliver(delivery: Delivery): void;
  listen(): AsyncIterableIterator<TaskUpdate>;
  /** Ends the loop after the event in hand; resolves when it was handled. */
  end(): Promise<void>;
}

export interface WorkerEventsOptions {
  /** Starts to claim outcomes that are due for delivery. */
  begin(): Deliveries;
  /** The open questions, delivered first. */
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

  function enqueue(event: Event): void {
    if (deliveries === undefined) return;
    queue.push(event);
    wake?.();
  }

  /** Skips a delivery whose lease another worker may hold by now. */
  function nextEvent(): Event | undefined {
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
      if (event.delivery?.isOurs ?? true) return event;
    }
    return undefined;
  }

  function releaseInHand(isHandled: boolean): void {
    if (isHandled) inHand?.done();
    inHand = undefined;
    handled?.();
  }

  async function next(): Promise<IteratorResult<TaskUpdate, undefined>> {
    releaseInHand(true);
    while (!isOver && deliveries !== undefined) {
      const event = nextEvent();
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
    releaseInHand(false);
    wake?.();
    await running?.stop();
  }

  return {
    get isReading() {
      return deliveries !== undefined;
    },
    publish: (update) => enqueue({ update }),
    deliver(delivery) {
      const { record } = delivery;
      if (record.outcome !== null) enqueue({ update: { kind: 'settled', outcome: record.outcome, record }, delivery });
    },
    listen() {
      if (deliveries !== undefined)
        throw new TaskError('unsupported', 'The events of this worker are already being read');
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
