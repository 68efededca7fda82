import type { Command, EndReason, Message } from '../state/message.ts';
import type { Model } from '../state/model.ts';
import { update } from '../state/update.ts';
import { sameFrame, type ViewFrame, viewFrame } from '../view/frame.ts';
import type { Line } from '../view/line.ts';
import { drainStdin } from './drain-stdin.ts';
import { perform } from './effects.ts';
import { printedRows, showApp, sizeOf } from './show-app.tsx';
import type { WatchOptions } from './watch-options.ts';

const TICK_MS = 250;
/** Frames closer together than this are one frame: a thousand records that change at once are drawn once. */
const FRAME_MS = 16;
/** Where much changes by itself, it is drawn this often: a frame is the dearest thing that an open view does. */
const BUSY_FRAME_MS = 500;

export interface AppOptions extends Omit<WatchOptions, 'keepOpen' | 'exitWhenDone' | 'readOnly' | 'bell'> {
  readonly bell?: boolean;
  /** Ends with `quit` as soon as this holds: for a single form or choice. */
  readonly isDone?: (model: Model) => boolean;
  /** Ends with `interrupted`: somebody else has no use for this view any more. */
  readonly signal?: AbortSignal | undefined;
  /** What stays on the normal screen. */
  readonly farewell?: (model: Model) => readonly Line[];
}

export interface AppEnd {
  readonly reason: EndReason;
  readonly model: Model;
}

/** Holds the model: a message in, the next frame and its commands out. Everything else is pure or a port. */
export function runApp(start: Model, options: AppOptions): Promise<AppEnd> {
  const { desk, stdin, stdout, clock } = options;
  return new Promise((resolve, reject) => {
    let model: Model = { ...start, ...sizeOf(stdout) };
    let shown: ViewFrame = viewFrame(model);
    let ended = false;
    let stopDrawing = () => {};
    let stopTicking = () => {};
    let drawsAt = Number.POSITIVE_INFINITY;
    let drawnAt = Number.NEGATIVE_INFINITY;
    let unsubscribe = () => {};
    const watchers = new Set<() => void>();

    const monotonicNow = () => clock.monotonic?.() ?? clock.now();
    const finish = (settle: () => void) => {
      if (ended) return;
      ended = true;
      stopTicking();
      stopDrawing();
      unsubscribe();
      options.signal?.removeEventListener('abort', interrupt);
      app.close();
      settle();
    };
    const fail = (error: unknown) =>
      finish(() => {
        app.release();
        reject(error);
      });
    const guarded = (act: () => void) => {
      if (ended) return;
      try {
        act();
      } catch (error) {
        fail(error);
      }
    };

    const draw = () => {
      stopDrawing();
      drawsAt = Number.POSITIVE_INFINITY;
      guarded(() => {
        const next = viewFrame(model);
        if (next.scrollMax !== undefined) model = update(model, { kind: 'scroll-limited', to: next.scrollMax })[0];
        if (sameFrame(next, shown)) return;
        shown = next;
        drawnAt = monotonicNow();
        for (const watch of [...watchers]) watch();
      });
    };
    const drawBy = (at: number) => {
      if (at >= drawsAt) return;
      stopDrawing();
      drawsAt = at;
      stopDrawing = clock.schedule(at - monotonicNow(), draw);
    };
    const dispatch = (message: Message) =>
      guarded(() => {
        const [next, commands] = update(model, message);
        const changed = next !== model;
        const isMore = goesOn(model, message);
        model = next;
        for (const command of commands) execute(command);
        if (options.isDone?.(model) === true) execute({ kind: 'end', reason: 'quit' });
        const soon = monotonicNow() + FRAME_MS;
        if (changed && !ended) drawBy(isMore ? Math.max(soon, drawnAt + BUSY_FRAME_MS) : soon);
      });
    const execute = (command: Command) => {
      switch (command.kind) {
        case 'end':
          finish(() => {
            const rows = printedRows(options.farewell?.(model) ?? [], options, model.columns);
            const printed = new Promise<void>((done) => stdout.write(rows, () => done()));
            void Promise.all([printed, drainStdin(stdin, clock)]).then(() => {
              app.release();
              resolve({ reason: command.reason, model });
            });
          });
          return;
        case 'suspend':
          app.suspend();
          return;
        case 'copy':
          app.copy(command.text);
          return;
        case 'page':
          lend(() => options.programs.page(command.text));
          return;
        case 'edit':
          lend(async () => {
            const text = await options.programs.edit(command.text, command.extension);
            dispatch({ kind: 'edited', text });
          });
          return;
        case 'alert':
          if (options.bell === true) app.ring();
          options.onAlert?.(command.alert);
          return;
        default:
          perform(desk, command, dispatch);
      }
    };

    /** The terminal is another program's until that has ended. */
    const lend = (use: () => Promise<void>) => {
      const told = (error: Error) => dispatch({ kind: 'told', text: error.message, tone: 'bad' });
      void app.lend(() => use().catch(told));
    };
    const interrupt = () => dispatch({ kind: 'interrupted' });
    const app = showApp({
      stdin,
      stdout,
      theme: options,
      source: {
        subscribe: (watch) => {
          watchers.add(watch);
          return () => watchers.delete(watch);
        },
        frame: () => shown,
      },
      onKey: (key) => dispatch({ kind: 'key-pressed', key, at: clock.now() }),
      onResize: (size) => {
        dispatch({ kind: 'resized', ...size });
        draw();
      },
      onInterrupt: interrupt,
      onError: fail,
    });
    const tick = () => {
      stopTicking = clock.schedule(TICK_MS, tick);
      dispatch({ kind: 'time-passed', at: clock.now() });
    };
    stopTicking = clock.schedule(TICK_MS, tick);
    // Only now: the first frame waits for nobody.
    guarded(() => {
      unsubscribe = desk.subscribe((change) => dispatch({ kind: 'desk-changed', change, at: clock.now() }));
      if (ended) unsubscribe();
      options.signal?.addEventListener('abort', interrupt, { once: true });
      if (options.signal?.aborted === true) interrupt();
    });
  });
}

/** Nothing that anybody waits for: time, and more of what is on the screen. */
function goesOn(model: Model, message: Message): boolean {
  if (message.kind === 'time-passed' || message.kind === 'polling-known') return true;
  if (message.kind !== 'desk-changed' || message.change.kind !== 'records') return false;
  return message.change.records.every(({ id }) => model.records.has(id));
}
