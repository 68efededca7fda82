import type { Command, EndReason, Message } from '../state/message.ts';
import type { Model } from '../state/model.ts';
import { update } from '../state/update.ts';
import { type ViewFrame, viewFrame } from '../view/frame.ts';
import { sizeOf } from './alternate-screen.ts';
import type { AppEnd, AppOptions } from './app-options.ts';
import { drainStdin } from './drain-stdin.ts';
import { perform } from './effects.ts';
import { createFrames, type Frames } from './frames.ts';
import { printedRows, type ShownApp, showApp } from './show-app.tsx';

const TICK_MS = 250;

export interface RunEnd {
  resolve(end: AppEnd): void;
  reject(error: unknown): void;
}

/** Runs one view from first frame to end. Holds the model: each message yields the next frame and commands. */
export class AppRun {
  readonly #options: AppOptions;
  readonly #end: RunEnd;
  readonly #frames: Frames;
  readonly #app: ShownApp;
  #model: Model;
  #hasEnded = false;
  #stopTicking = (): void => undefined;
  #unsubscribe = (): void => undefined;

  constructor(start: Model, options: AppOptions, end: RunEnd) {
    const { stdin, stdout, clock } = options;
    this.#options = options;
    this.#end = end;
    this.#model = { ...start, ...sizeOf(stdout) };
    this.#frames = createFrames(clock, { view: () => this.#view(), guard: (draw) => this.#guard(draw) });
    this.#app = showApp({
      stdin,
      stdout,
      theme: options,
      opening: options.opening,
      source: this.#frames.source,
      onKey: (key) => this.#dispatch({ kind: 'key-pressed', key, at: clock.now() }),
      onResize: (size) => {
        this.#dispatch({ kind: 'resized', ...size });
        this.#guard(() => this.#frames.drawNow());
      },
      onInterrupt: this.#interrupt,
      onError: (error) => this.#fail(error),
    });
  }

  /** Draws the first frame before any server answers, and subscribes to changes. */
  begin(): void {
    const { live, clock, signal } = this.#options;
    this.#tickLater();
    this.#guard(() => {
      this.#unsubscribe = live.subscribe((change) => this.#dispatch({ kind: 'live-changed', change, at: clock.now() }));
      if (this.#hasEnded) this.#unsubscribe();
      signal?.addEventListener('abort', this.#interrupt, { once: true });
      if (signal?.aborted === true) this.#interrupt();
    });
  }

  #tickLater(): void {
    const { clock } = this.#options;
    this.#stopTicking = clock.schedule(TICK_MS, () => {
      this.#tickLater();
      this.#dispatch({ kind: 'time-passed', at: clock.now() });
    });
  }

  readonly #interrupt = (): void => this.#dispatch({ kind: 'interrupted' });

  readonly #dispatch = (message: Message): void => this.#guard(() => this.#applyMessage(message));

  #applyMessage(message: Message): void {
    const before = this.#model;
    const canWait = isLowPriority(before, message);
    const [next, commands] = update(before, message);
    this.#model = next;
    for (const command of commands) this.#execute(command);
    if (this.#options.isDone?.(this.#model) === true) this.#execute({ kind: 'end', reason: 'quit' });
    if (next === before || this.#hasEnded) return;
    if (canWait) this.#frames.drawInTime();
    else this.#frames.drawSoon();
  }

  /** Renders the next frame and limits the model's scroll position to its height. */
  #view(): ViewFrame {
    const next = viewFrame(this.#model);
    const { scrollMax } = next;
    if (scrollMax !== undefined) this.#model = update(this.#model, { kind: 'scroll-limited', to: scrollMax })[0];
    return next;
  }

  #execute(command: Command): void {
    const { live, bell, programs, onAlert } = this.#options;
    switch (command.kind) {
      case 'end':
        this.#leave(command.reason, command.stops === true);
        return;
      case 'suspend':
        this.#app.suspend();
        return;
      case 'copy':
        this.#app.copy(command.text);
        return;
      case 'page':
        this.#lend(() => programs.page(command.text));
        return;
      case 'edit':
        this.#lend(async () => {
          const text = await programs.edit(command.text, command.extension);
          this.#dispatch({ kind: 'edited', text });
        });
        return;
      case 'alert':
        if (bell === true) this.#app.ring();
        onAlert?.(command.alert);
        return;
      default:
        perform(live, command, this.#dispatch);
    }
  }

  /** Gives the terminal to another program until it exits. */
  #lend(use: () => Promise<void>): void {
    const reportError = (error: Error): void =>
      this.#dispatch({ kind: 'notice-posted', text: error.message, tone: 'bad' });
    void this.#app.lend(() => use().catch(reportError));
  }

  #leave(reason: EndReason, stops: boolean): void {
    const { stdin, stdout, clock, farewell } = this.#options;
    this.#finish(() => {
      const model = this.#model;
      const rows = printedRows(farewell?.(model) ?? [], this.#options, model.columns);
      const printed = new Promise<void>((done) => stdout.write(rows, () => done()));
      void Promise.all([printed, drainStdin(stdin, clock)]).then(() => {
        this.#app.release();
        // A paused stdin stops reading one tick later: a form opened before that would receive no key.
        setImmediate(() => this.#end.resolve({ reason, stops, model }));
      });
    });
  }

  #fail(error: unknown): void {
    this.#finish(() => {
      this.#app.release();
      this.#end.reject(error);
    });
  }

  #finish(settle: () => void): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#stopTicking();
    this.#frames.stop();
    this.#unsubscribe();
    this.#options.signal?.removeEventListener('abort', this.#interrupt);
    this.#app.close();
    settle();
  }

  #guard(act: () => void): void {
    if (this.#hasEnded) return;
    try {
      act();
    } catch (error) {
      this.#fail(error);
    }
  }
}

/** True for low-priority redraws (ticks, updates of visible rows). */
function isLowPriority(model: Model, message: Message): boolean {
  if (message.kind === 'time-passed' || message.kind === 'polling-known') return true;
  if (message.kind === 'live-changed' && message.change.kind === 'log') return true;
  if (message.kind !== 'live-changed' || message.change.kind !== 'records') return false;
  return message.change.records.every(({ id }) => model.records.has(id));
}
