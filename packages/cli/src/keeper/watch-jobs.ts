import { stat } from 'node:fs/promises';
import type { Context } from '../context.ts';
import { jobsPath } from '../jobs/read-jobs.ts';
import { projectJobsFiles } from '../targets/configuration-files.ts';
import { confirmationsPath } from '../targets/confirmations.ts';

/** Interval at which the files are compared, in ms: watches of the system miss files on network drives. */
const LOOK_MS = 2_000;

/** Calls `onChange` when job mappings or the confirmations of projects change. Returns a function that ends it. */
export function watchJobs(context: Context, onChange: () => void): () => void {
  const { clock } = context;
  const paths = [jobsPath(context), confirmationsPath(context), ...projectJobsFiles(context).map(({ path }) => path)];
  let last: string | undefined;
  let cancel = (): void => undefined;
  let hasEnded = false;

  async function look(): Promise<void> {
    const stamps = (await Promise.all(paths.map(stampOf))).join(' ');
    if (hasEnded) return;
    if (last !== undefined && stamps !== last) onChange();
    last = stamps;
    cancel = clock.schedule(LOOK_MS, look);
  }

  void look();
  return () => {
    hasEnded = true;
    cancel();
  };
}

/** Differs when the file was written, replaced, made or deleted. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? '-' : `${found.ino}:${found.size}:${found.mtimeMs}`;
}
