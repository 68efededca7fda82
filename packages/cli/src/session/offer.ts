import type { RecordFilter, TaskRecord } from '@mcp-tasks/client';

/** Describes the list from which a person picks a record when the command has no id. */
export interface Offer {
  readonly title: string;
  /** Filter for the store's search. @default all */
  readonly filter?: RecordFilter;
  readonly offer: (record: TaskRecord) => boolean;
}
