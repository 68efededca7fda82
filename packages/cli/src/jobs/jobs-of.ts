import { type JobMappings, type Negotiated, own } from '@mcp-tasks/client';
import type { Context } from '../context.ts';
import { readJobs } from './read-jobs.ts';

/**
 * The jobs of a server: of the name by which it is configured, else of what it calls itself; a person's mapping beats
 * the one that ships.
 */
export async function jobsOf(
  { label }: { readonly label?: string | undefined },
  context: Context,
): Promise<(server: Negotiated['server']) => JobMappings> {
  const [ours, { presets }] = await Promise.all([readJobs(context), import('@mcp-tasks/client/jobs')]);
  return ({ name }) => ({
    ...own(presets, name),
    ...own(ours, name),
    ...(label === undefined ? {} : own(ours, label)),
  });
}
