import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { BIN, processesWith, type Run, run } from '../commands/support.ts';

export * from '../commands/support.ts';

export interface Task {
  readonly id: string;
  readonly taskId: string | null;
  readonly status: string;
  readonly phase: string;
  readonly trouble: string | null;
  readonly lastUpdatedAt: string | null;
  readonly inputRequests: Readonly<Record<string, unknown>>;
}

export interface Listed {
  readonly task: Task;
  readonly outcome: { readonly status: string } | null;
}

/** The output of `list`, without network. */
export async function listed(home: string): Promise<readonly Listed[]> {
  const { stdout } = await run(['list', '--all', '--json'], { home });
  return (JSON.parse(stdout) as { readonly tasks: readonly Listed[] }).tasks;
}

export interface PacedDemo {
  readonly command: readonly string[];
  /** Sets the speed of the next start: a task starts slowly to outlast a slow machine, then ends fast. */
  setSpeed(speed: number): void;
}

/** The demo over stdio, with its tasks on disk. */
export function pacedDemo(home: string, store: string): PacedDemo {
  const script = join(home, 'paced.sh');
  const speed = join(home, 'speed');
  const demo = `"${process.execPath}" "${BIN}" demo --stdio --store "${store}" --speed "$(cat "${speed}")"`;
  writeFileSync(script, `#!/bin/sh\nexec ${demo}\n`, { mode: 0o755 });
  return { command: ['--', script], setSpeed: (factor) => writeFileSync(speed, String(factor)) };
}

/** The only record. */
export async function onlyTask(home: string): Promise<Task> {
  const [first, ...others] = await listed(home);
  if (first === undefined || others.length > 0) throw new Error(`Not one record: ${JSON.stringify([first, others])}`);
  return first.task;
}

/** Pids of stdio demo servers with this store, without their parent shells. */
export function stdioServers(store: string): readonly number[] {
  return processesWith(`${BIN} demo --stdio --store ${store}`).filter((pid) => !callers(store).includes(pid));
}

function callers(store: string): readonly number[] {
  return processesWith(`-- ${process.execPath} ${BIN} demo --stdio --store ${store}`);
}

export async function waitForExit(pid: number): Promise<void> {
  await expect.poll(() => lives(pid)).toBe(false);
}

function lives(pid: number): boolean {
  try {
    // A zombie stays until its parent waits for it, possibly forever.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The errors on standard error, without the line that a call prints after 2 s on a slow machine. */
export function errorsOf({ stderr }: Pick<Run, 'stderr'>): string {
  return stderr.replace(/^(?:Starting|Connecting to) .* …\n/gm, '');
}

/** The error is short: the failure and the next step, without a stack. */
export function expectShortError(ended: Pick<Run, 'stderr'>): void {
  const errors = errorsOf(ended);
  expect(errors.trimEnd().split('\n').length, errors).toBeLessThanOrEqual(2);
  expect(errors).not.toMatch(/\n\s+at /);
}
