import type { Model } from '../state/model.ts';

export type Action =
  | 'open'
  | 'back'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'top'
  | 'bottom'
  | 'previous-task'
  | 'next-task'
  | 'answer'
  | 'answer-again'
  | 'cancel'
  | 'adopt'
  | 'detach'
  | 'follow'
  | 'forget'
  | 'new-call'
  | 'filter'
  | 'hide-settled'
  | 'group'
  | 'mark'
  | 'copy'
  | 'call-again'
  | 'page-result'
  | 'save-result'
  | 'edit-field'
  | 'clear-filter'
  | 'end-filter'
  | 'help'
  | 'leave'
  | 'leave-running'
  | 'stop-and-leave'
  | 'yes'
  | 'no'
  | 'open-url'
  | 'next-question'
  /** The form knows the key itself. */
  | 'form';

export type Place =
  | 'list'
  | 'filter'
  | 'detail'
  | 'fields'
  | 'review'
  | 'withdrawn'
  | 'pick-server'
  | 'pick-tool'
  | 'help'
  | 'confirm'
  | 'leaving';

/** One line of the help, one entry of the footer, and what makes the key work: all from here. */
export interface Binding {
  readonly places: readonly Place[];
  /** Names of keys; a single letter is that letter. */
  readonly keys: readonly string[];
  /** How the footer and the help name the keys. */
  readonly shown: string;
  readonly says: string;
  /** What the help says, where there is more to say. */
  readonly help?: string;
  readonly action: Action;
  /** Whether it does anything now; always, when absent. */
  readonly when?: (model: Model) => boolean;
  /** Works, and stands in the help, but takes no room in the footer. */
  readonly quiet?: boolean;
  /** Where the footer is too narrow, the highest goes first. @default 0 */
  readonly rank?: number;
}
