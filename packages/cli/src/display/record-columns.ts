/** The columns that a list of records can have, in the order in which it has them. */
export const RECORD_COLUMNS = ['id', 'status', 'tool', 'server', 'called', 'updated', 'message'] as const;
export type RecordColumn = (typeof RECORD_COLUMNS)[number];
