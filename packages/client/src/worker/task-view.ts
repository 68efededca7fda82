import type { Lifecycle } from '../machine/lifecycle.ts';
import type { Lease } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { type TaskChange, updatesBetween } from '../task/updates.ts';
import { type Broadcast, createBroadcast } from './broadcast.ts';
import { createLazyAbort, type LazyAbort } from './lazy-abort.ts';
import { enterMode, type Mode } from './task-mode.ts';

/** What this process knows of one task, what it is to it, and who is told of changes. */
export interface TaskView {
  state: Lifecycle;
  readonly mode: Mode;
  readonly broadcast: Broadcast<TaskChange>;
  /** Aborts when the task is no longer followed here. */
  readonly life: LazyAbort;
  /** Aborts when the lease that is held now ends. */
  readonly lease: LazyAbort;
  readonly isCallLost: boolean;
  isHeld(lease: Lease): boolean;
  /** What this worker is to the task when it does not lead it. */
  apart(): Mode;
  enter(next: Mode): void;
  /** As `enter`, and gives the lease back when one is held. */
  leave(next: Mode): Promise<void>;
  /** Takes the record as it is now, and tells what changed. */
  accept(record: TaskRecord): void;
  warn(message: string): void;
  tell(): void;
  onChange(listener: () => void): () => void;
}

export interface TaskViewOptions {
  /** Never drives the task: it only watches. */
  readonly observe: boolean;
  onMode(): void;
  giveBack(lease: Lease): Promise<void>;
}

export function createTaskView(first: Lifecycle, { observe, onMode, giveBack }: TaskViewOptions): TaskView {
  const listeners = new Set<() => void>();
  const broadcast = createBroadcast<TaskChange>();
  const life = createLazyAbort();
  let mode: Mode = { kind: 'idle', why: 'new' };
  let lease = createLazyAbort();

  const view: TaskView = {
    state: first,
    broadcast,
    life,
    get mode() {
      return mode;
    },
    get lease() {
      return lease;
    },
    get isCallLost() {
      return mode.kind === 'idle' && mode.why === 'call-lost';
    },
    isHeld: (held) => mode.kind === 'leading' && mode.lease === held,
    apart: () => (observe ? { kind: 'watching' } : { kind: 'following' }),
    enter(next) {
      const wasLeading = mode.kind === 'leading';
      mode = enterMode(mode, next);
      if (wasLeading) lease.abort();
      if (mode.kind === 'leading') lease = createLazyAbort();
      onMode();
    },
    async leave(next) {
      const held = mode.kind === 'leading' ? mode.lease : undefined;
      view.enter(next);
      if (held !== undefined) await giveBack(held);
    },
    accept(record) {
      const before = view.state.record;
      if (record === before) return;
      view.state = { ...view.state, record };
      if (view.isCallLost && record.phase !== 'intent' && !life.isAborted) view.enter(view.apart());
      for (const update of updatesBetween(before, record)) broadcast.publish(update);
      view.tell();
      const isOver = mode.kind === 'gone' || life.isAborted || (mode.kind === 'idle' && mode.why === 'settled');
      if (record.phase === 'settled' && !isOver) void view.leave({ kind: 'idle', why: 'settled' });
    },
    warn: (message) => broadcast.publish({ kind: 'warning', message, record: view.state.record }),
    tell() {
      for (const listener of [...listeners]) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return view;
}
