import type { Cell } from './cell.ts';
import type { ContenderName } from './contender.ts';
import { demoRows } from './demo-rows.ts';
import { scriptedRows } from './scripted-rows.ts';

/** One fault, applied to every client in the same way. */
export interface Row {
  readonly name: string;
  /** The condition for surviving it. */
  readonly wanted: string;
  readonly run: (contender: ContenderName) => Promise<Cell>;
}

export const rows: readonly Row[] = [...scriptedRows, ...demoRows];

/** SDK 1.x speaks 2025-11-25 only; the others use the newer revision when both have the fault. */
export function newestOf(contender: ContenderName): '2026-07-28' | '2025-11-25' {
  return contender === 'sdk-v1' ? '2025-11-25' : '2026-07-28';
}
