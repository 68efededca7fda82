import type { RecordFilter, TaskRecord } from '@mcp-tasks/client';

/** Describes the list from which a person picks a record when the command has no id. */
export interface Offer {
  readonly title: string;
  /** Message when there is nothing to pick. @default 'No tasks on record' */
  readonly none?: string;
  /** Filter for the store's search. @default all */
  readonly filter?: RecordFilter;
  readonly offer: (record: TaskRecord) => boolean;
}
