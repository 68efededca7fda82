import type { Line } from './line.ts';

/** Lines between header and footer; the cursor counts from their first row. */
export interface Body {
  readonly lines: readonly Line[];
  readonly cursor?: { readonly row: number; readonly column: number } | undefined;
  readonly scrollMax?: number | undefined;
}
