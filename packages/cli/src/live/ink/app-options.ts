import type { EndReason } from '../state/message.ts';
import type { Model } from '../state/model.ts';
import type { Line } from '../view/line.ts';
import type { WatchOptions } from './watch-options.ts';

export interface AppOptions extends Omit<WatchOptions, 'keepOpen' | 'exitWhenDone' | 'readOnly' | 'bell'> {
  readonly bell?: boolean;
  /** Ends with `quit` as soon as this holds: for a single form or choice. */
  readonly isDone?: (model: Model) => boolean;
  /** Ends with `interrupted`: somebody else has no use for this view any more. */
  readonly signal?: AbortSignal | undefined;
  /** The farewell: lines that stay on the normal screen. */
  readonly farewell?: (model: Model) => readonly Line[];
}

export interface AppEnd {
  readonly reason: EndReason;
  /** The person wants the servers of what is under way to end too. */
  readonly stops: boolean;
  readonly model: Model;
}
