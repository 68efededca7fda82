import type { Clock, TaskRecord } from '@mcp-tasks/client';
import type { Desk } from '../live-session.ts';
import { createModel } from '../state/model.ts';
import { viewFarewell } from '../view/farewell.ts';
import { runApp } from './run-app.ts';

export interface WatchOptions {
  readonly desk: Desk;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Stay when everything has settled, instead of counting down. */
  readonly keepOpen: boolean;
  /** Leave when everything has settled, whatever was pressed before. @default false */
  readonly exitWhenDone?: boolean;
  /** Look only: no answer, cancel, forget or call. */
  readonly readOnly: boolean;
  /** Ring when a question opens or a task settles. */
  readonly bell: boolean;
  readonly ascii: boolean;
  readonly color: boolean;
  readonly clock: Clock;
  /** Told when a question opens or a task settles while the view is open. */
  readonly onAlert?: (alert: WatchAlert) => void;
}

export interface WatchAlert {
  readonly kind: 'question' | 'settled';
  readonly record: TaskRecord;
}

export interface WatchEnd {
  /** `interrupted` is Ctrl-C: nothing was sent, tasks go on. `settled` is the countdown running out. */
  readonly reason: 'quit' | 'interrupted' | 'settled';
  readonly records: readonly TaskRecord[];
}

/** The live view, until the person leaves, or everything has settled and nobody stays. Nothing is ever cancelled by it. */
export async function runWatch(options: WatchOptions): Promise<WatchEnd> {
  const { keepOpen, exitWhenDone = false, readOnly } = options;
  const { reason, model } = await runApp(createModel({ now: options.clock.now(), keepOpen, exitWhenDone, readOnly }), {
    ...options,
    farewell: viewFarewell,
  });
  return { reason, records: [...model.records.values()] };
}
