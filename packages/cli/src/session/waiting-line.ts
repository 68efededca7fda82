import type { TaskRecord } from '@mcp-tasks/client';
import { usesUnicode } from '../context.ts';
import { formatDuration } from '../display/duration.ts';
import { safeText } from '../display/safe-text.ts';
import { progressText } from '../display/task-lines.ts';
import { summaryOf } from '../display/task-summary.ts';
import type { Session } from './session.ts';

/** Live line of a waiting command: elapsed time, progress, status message. */
export interface WaitingLine {
  /** Shows this record. */
  show(record: TaskRecord): void;
  end(): void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const ASCII_FRAMES = ['-', '\\', '|', '/'];
const TICK_MS = 250;

export function createWaitingLine({ context, printer }: Pick<Session, 'context' | 'printer'>): WaitingLine {
  let record: TaskRecord | undefined;
  let frame = 0;
  const frames = usesUnicode(context) ? FRAMES : ASCII_FRAMES;
  const draw = (): void => {
    if (record === undefined) return;
    frame += 1;
    printer.live(`${frames[frame % frames.length]} ${waitingText(record, context.now())}`);
  };
  const tick = (): void => {
    draw();
    stopTicking = context.clock.schedule(TICK_MS, tick);
  };
  let stopTicking = printer.isLive ? context.clock.schedule(TICK_MS, tick) : (): void => undefined;
  return {
    show(next) {
      record = next;
      draw();
    },
    end() {
      stopTicking();
      record = undefined;
      printer.live(undefined);
    },
  };
}

/** `k7f3q2  release  12 s  12/40  Building` */
export function waitingText(record: TaskRecord, now: number): string {
  const { progress, statusMessage } = record;
  const summary = summaryOf(record);
  const state = summary.kind === 'asks' ? summary.word : '';
  const message = progress?.message ?? summary.message ?? statusMessage ?? '';
  const counted = progress === undefined ? '' : progressText({ progress: progress.progress, total: progress.total });
  const name = safeText(record.tool, { maxLength: 30 });
  const parts = [record.id, name, formatDuration(now - record.createdAt), state, counted, safeText(message)];
  return parts.filter((part) => part !== '').join('  ');
}
