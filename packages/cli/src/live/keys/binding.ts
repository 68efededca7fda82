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
  /** The form handles the key itself. */
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

/** One key binding: source of the help line, the footer entry, and the key's action. */
export interface Binding {
  readonly places: readonly Place[];
  /** Key names; a single letter stands for itself. */
  readonly keys: readonly string[];
  /** Key name in footer and help. */
  readonly shown: string;
  readonly text: string;
  /** Longer text for the help. @default `text` */
  readonly help?: string;
  readonly action: Action;
  /** Condition under which the key acts. @default always */
  readonly when?: (model: Model) => boolean;
  /** Listed in the help but not in the footer. */
  readonly quiet?: boolean;
  /** The highest rank is dropped first from a narrow footer. @default 0 */
  readonly rank?: number;
}
