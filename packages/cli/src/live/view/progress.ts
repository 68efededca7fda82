import type { TaskRecord } from '@mcp-tasks/client';

export interface ShownProgress {
  /** `12/40`, or the value alone without a total. */
  readonly text: string;
  /** Share from 0 to 1, if the server gives a total. */
  readonly share?: number;
}

const OF = /(?<![\w.])(\d{1,7}) ?(?:of|\/) ?(\d{1,7})(?![\w.])/;
const BAR = 8;

/** Progress as the server reported it, else “n of m” from its message. */
export function progressOf({ progress, statusMessage = '' }: TaskRecord): ShownProgress | undefined {
  if (progress !== undefined) return shown(progress.progress, progress.total);
  const [text, done, total] = OF.exec(statusMessage) ?? [];
  return text === undefined ? undefined : { ...shown(Number(done), Number(total)), text };
}

function shown(done: number, total: number | undefined): ShownProgress {
  if (total === undefined || !(total > 0)) return { text: String(rounded(done)) };
  return { text: `${rounded(done)}/${rounded(total)}`, share: Math.max(0, Math.min(1, done / total)) };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

export function progressBar(share: number, width = BAR): string {
  const full = Math.floor(share * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}
