import type { JobMapping, JsonObject, Negotiated, ToolDescription } from '@mcp-tasks/client';
import type { Context } from '../../context.ts';
import { jobsOf } from '../../jobs/jobs-of.ts';
import type { ConnectFlags, ResolvedTarget } from '../../targets/resolved-target.ts';
import type { Finding } from './finding.ts';

/** Checks each job mapping against the server's tools, without calling one. */
export async function examineJobs(
  resolved: ResolvedTarget,
  context: Context,
  flags: ConnectFlags,
  server: Negotiated['server'],
  tools: readonly ToolDescription[],
): Promise<readonly Finding[]> {
  const mapped = await jobsOf(resolved, context, flags);
  const jobs = Object.entries(mapped.of(server));
  const waiting = mapped.unconfirmed().map((detail): Finding => ({ check: 'job', state: 'missing', detail }));
  if (jobs.length === 0) return waiting;
  const { checkMapping, checkTools } = await import('@mcp-tasks/client/jobs');
  const listed = tools.map(({ name, inputSchema, annotations }): JsonObject => ({ name, inputSchema, annotations }));
  const checked = jobs.map(([job, mapping]: [string, JobMapping]): Finding => {
    const problems = [...checkMapping(mapping), ...checkTools(mapping, listed)];
    if (problems.length === 0)
      return { check: 'job', state: 'ok', detail: `${job}: followed by ${mapping.status.tool}` };
    return {
      check: 'job',
      state: 'failed',
      detail: `${job}: ${problems.join('; ')}`,
      hint: 'Correct it in jobs.json.',
    };
  });
  return [...checked, ...waiting];
}
