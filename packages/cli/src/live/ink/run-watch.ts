import type { TaskRecord } from '@mcp-tasks/client';
import type { EndReason } from '../state/message.ts';
import { createModel } from '../state/model.ts';
import { viewFarewell } from '../view/farewell.ts';
import { runApp } from './run-app.ts';
import type { WatchOptions } from './watch-options.ts';

export interface WatchEnd {
  readonly reason: EndReason;
  /** The person chose to stop the servers of running work. */
  readonly stops: boolean;
  readonly records: readonly TaskRecord[];
}

/**
 * Runs the live view until the person leaves, or all tasks have settled and `keepOpen` is off. Never cancels a task.
 */
export async function runWatch(options: WatchOptions): Promise<WatchEnd> {
  const { keepOpen, exitWhenDone = false, readOnly } = options;
  const { reason, stops, model } = await runApp(
    createModel({ now: options.clock.now(), keepOpen, exitWhenDone, readOnly }),
    {
      ...options,
      farewell: viewFarewell,
    },
  );
  return { reason, stops, records: [...model.records.values()] };
}
