/** Columns of a list of records, in their default order. */
export const RECORD_COLUMNS = ['id', 'status', 'tool', 'server', 'called', 'updated', 'message'] as const;
export type RecordColumn = (typeof RECORD_COLUMNS)[number];
