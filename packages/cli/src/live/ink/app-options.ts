import type { EndReason } from '../state/message.ts';
import type { Model } from '../state/model.ts';
import type { Line } from '../view/line.ts';
import type { WatchOptions } from './watch-options.ts';

export interface AppOptions extends Omit<WatchOptions, 'keepOpen' | 'exitWhenDone' | 'readOnly' | 'bell'> {
  readonly bell?: boolean;
  /** Ends with `quit` once this returns true: for a single form or choice. */
  readonly isDone?: (model: Model) => boolean;
  /** Ends with `interrupted` when aborted: the caller no longer needs the view. */
  readonly signal?: AbortSignal | undefined;
  /** Lines printed on the normal screen at the end. */
  readonly farewell?: (model: Model) => readonly Line[];
}

export interface AppEnd {
  readonly reason: EndReason;
  /** The person chose to stop the servers of running work. */
  readonly stops: boolean;
  readonly model: Model;
}
