import { stat } from 'node:fs/promises';
import type { Context } from '../context.ts';
import { jobsPath } from '../jobs/read-jobs.ts';
import { projectJobsFiles } from '../targets/configuration-files.ts';
import { confirmationsPath } from '../targets/confirmations.ts';

/** Interval at which the files are compared, in ms: file system watchers miss changes on network drives. */
const CHECK_MS = 2_000;

/** Calls `onChange` when job mappings or the confirmations of projects change. Returns the function that stops it. */
export function watchJobs(context: Context, onChange: () => void): () => void {
  const { clock } = context;
  const paths = [jobsPath(context), confirmationsPath(context), ...projectJobsFiles(context).map(({ path }) => path)];
  let last: string | undefined;
  let cancel = (): void => undefined;
  let hasEnded = false;

  async function check(): Promise<void> {
    const stamps = (await Promise.all(paths.map(stampOf))).join(' ');
    if (hasEnded) return;
    if (last !== undefined && stamps !== last) onChange();
    last = stamps;
    cancel = clock.schedule(CHECK_MS, check);
  }

  void check();
  return () => {
    hasEnded = true;
    cancel();
  };
}

/** Changes when the file is written, replaced, created or deleted. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? '-' : `${found.ino}:${found.size}:${found.mtimeMs}`;
}
