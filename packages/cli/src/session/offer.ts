import type { RecordFilter, TaskRecord } from '@mcp-tasks/client';

/** What a person without an id picks from. */
export interface Offer {
  readonly title: string;
  /** Narrows what is read of the store. @default all */
  readonly filter?: RecordFilter;
  readonly offer: (record: TaskRecord) => boolean;
}
