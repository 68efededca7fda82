import type { Line } from './line.ts';

/** What a page puts between the header and the footer; its cursor counts from its own first row. */
export interface Body {
  readonly lines: readonly Line[];
  readonly cursor?: { readonly row: number; readonly column: number } | undefined;
  readonly scrollMax?: number | undefined;
}
