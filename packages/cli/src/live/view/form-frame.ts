import type { Line } from './line.ts';

export interface FormFrame {
  /** Title with task and server, never scrolled away. */
  readonly title: Line;
  /** Lines between title and fields: the question's text. */
  readonly head: readonly Line[];
  readonly width: number;
  readonly height: number;
  readonly who: string;
}

/** Part of a form below its head; the rows from `top` to `end` have the focus. */
export interface FormPart {
  readonly lines: readonly Line[];
  readonly top: number;
  readonly end: number;
  readonly cursor?: { readonly row: number; readonly column: number } | undefined;
}
