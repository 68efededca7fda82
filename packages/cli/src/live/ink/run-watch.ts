import type { TaskRecord } from '@mcp-tasks/client';
import type { EndReason } from '../state/message.ts';
import { createModel } from '../state/model.ts';
import { viewFarewell } from '../view/farewell.ts';
import { runApp } from './run-app.ts';
import type { WatchOptions } from './watch-options.ts';

export interface WatchEnd {
  readonly reason: EndReason;
  /** The person wants the servers of what is under way to end too. */
  readonly stops: boolean;
  readonly records: readonly TaskRecord[];
}

/** The live view, until the person leaves, or everything has settled and nobody stays. Nothing is ever cancelled by it. */
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
