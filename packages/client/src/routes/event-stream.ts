import type { TaskHandle } from '../api/handle-api.ts';
import type { MailboxTask } from '../api/mailbox-api.ts';
import type { Clock } from '../clock.ts';
import { digestOf } from '../task/digest.ts';
import type { JsonValue } from '../task/json.ts';
import { eventJson, type TaskEventJson } from './task-json.ts';

export interface EventStreamOptions {
  readonly task: Pick<TaskHandle | MailboxTask, 'updates'>;
  /** The reader's `Last-Event-ID`. */
  readonly lastEventId: string | null;
  readonly keepAliveMs: number;
  readonly clock: Clock;
}

/** Event id from the event's content, so that it survives a restart of the host. */
export function eventId(event: TaskEventJson): string {
  return `${event.kind}-${digestOf(event as unknown as JsonValue)}`;
}

/**
 * Server-sent events of one task: its state and open questions, then each change, until it is settled. A reconnect does
 * not get its last event again; other events may repeat the state.
 */
export function eventStream({ task, lastEventId, keepAliveMs, clock }: EventStreamOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const updates = task.updates();
  let stopKeepAlive: () => void = () => undefined;

  function keepAlive(controller: ReadableStreamDefaultController<Uint8Array>): void {
    stopKeepAlive();
    stopKeepAlive = clock.schedule(keepAliveMs, () => {
      controller.enqueue(encoder.encode(': nothing new\n\n'));
      keepAlive(controller);
    });
  }

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      keepAlive(controller);
      try {
        for (;;) {
          const next = await updates.next();
          if (next.done === true) {
            stopKeepAlive();
            controller.close();
            return;
          }
          const event = eventJson(next.value);
          const id = eventId(event);
          if (id === lastEventId) continue;
          controller.enqueue(encoder.encode(`id: ${id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`));
          return;
        }
      } catch (error) {
        stopKeepAlive();
        controller.error(error);
      }
    },
    async cancel() {
      stopKeepAlive();
      await updates.return?.();
    },
  });
}
