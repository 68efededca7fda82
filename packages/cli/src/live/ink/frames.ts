import type { Clock } from '@mcp-tasks/client';
import { sameFrame, type ViewFrame } from '../view/frame.ts';
import type { AppProps } from './app.tsx';

/** Minimum time between frames, in ms: a thousand records that change at once are drawn once. */
const FRAME_MS = 16;
/** Minimum time between low-priority frames, in ms: drawing is the main cost of an open view. */
const BUSY_FRAME_MS = 500;

/** The current frame, and the schedule of the next one. */
export interface Frames {
  readonly source: AppProps['source'];
  drawNow(): void;
  /** Draws within `FRAME_MS`, for changes that a person waits for. */
  drawSoon(): void;
  /** Draws at least `BUSY_FRAME_MS` after the last frame, for low-priority changes. */
  drawInTime(): void;
  stop(): void;
}

export interface FramesOptions {
  readonly view: () => ViewFrame;
  /** Catches errors of a frame drawn by a timer. */
  readonly guard: (draw: () => void) => void;
}

export function createFrames(clock: Clock, { view, guard }: FramesOptions): Frames {
  const monotonic = (): number => clock.monotonic?.() ?? clock.now();
  const watchers = new Set<() => void>();
  let shown = view();
  let drawnAt = Number.NEGATIVE_INFINITY;
  let planned: { readonly at: number; readonly cancel: () => void } | undefined;

  function drawNow(): void {
    stop();
    const next = view();
    if (sameFrame(next, shown)) return;
    shown = next;
    drawnAt = monotonic();
    for (const watch of [...watchers]) watch();
  }

  function drawBy(at: number): void {
    if (planned !== undefined && at >= planned.at) return;
    stop();
    planned = { at, cancel: clock.schedule(at - monotonic(), () => guard(drawNow)) };
  }

  function stop(): void {
    planned?.cancel();
    planned = undefined;
  }

  return {
    source: {
      subscribe(watch) {
        watchers.add(watch);
        return () => watchers.delete(watch);
      },
      frame: () => shown,
    },
    drawNow,
    drawSoon: () => drawBy(monotonic() + FRAME_MS),
    drawInTime: () => drawBy(Math.max(monotonic() + FRAME_MS, drawnAt + BUSY_FRAME_MS)),
    stop,
  };
}
