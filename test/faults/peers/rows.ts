import type { Cell } from './cell.ts';
import type { ContenderName } from './contender.ts';
import { demoRows } from './demo-rows.ts';
import { scriptedRows } from './scripted-rows.ts';

/** One fault, done to every client in the same way. */
export interface Row {
  readonly name: string;
  /** What counts as surviving it. */
  readonly wanted: string;
  readonly run: (contender: ContenderName) => Promise<Cell>;
}

export const rows: readonly Row[] = [...scriptedRows, ...demoRows];

/** SDK 1.x speaks 2025-11-25 alone; the others get the newer revision where both have the fault. */
export function newestOf(contender: ContenderName): '2026-07-28' | '2025-11-25' {
  return contender === 'sdk-v1' ? '2025-11-25' : '2026-07-28';
}
