import type { Line } from './line.ts';

export interface FormFrame {
  /** Who asks: in view whatever else scrolls away. */
  readonly title: Line;
  /** What stands between it and the fields: what is asked. */
  readonly head: readonly Line[];
  readonly width: number;
  readonly height: number;
  readonly who: string;
}

/** The part of a form below its head; `top` to `end` has the focus. */
export interface FormPart {
  readonly lines: readonly Line[];
  readonly top: number;
  readonly end: number;
  readonly cursor?: { readonly row: number; readonly column: number } | undefined;
}
