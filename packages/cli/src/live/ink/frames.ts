import type { Clock } from '@mcp-tasks/client';
import { sameFrame, type ViewFrame } from '../view/frame.ts';
import type { AppProps } from './app.tsx';

/** Frames closer together than this are one frame: a thousand records that change at once are drawn once. */
const FRAME_MS = 16;
/** Where much changes by itself, it is drawn this often: a frame is the dearest thing that an open view does. */
const BUSY_FRAME_MS = 500;

/** What is on the screen, and when it is drawn next. */
export interface Frames {
  readonly source: AppProps['source'];
  drawNow(): void;
  /** A person waits for it. */
  drawSoon(): void;
  /** Nobody waits for it. */
  drawInTime(): void;
  stop(): void;
}

export interface FramesOptions {
  readonly view: () => ViewFrame;
  /** Takes the errors of drawing where a timer draws. */
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
