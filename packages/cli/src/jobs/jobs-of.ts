import { type JobMappings, type Negotiated, own, TaskError } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { isConfirmed } from '../targets/confirmations.ts';
import { allowCommand, jobsNotConfirmed, type ProjectJobs, projectJobs } from './project-jobs.ts';
import { readJobs } from './read-jobs.ts';

/** The jobs of one server. */
export interface JobsOfServer {
  readonly of: (server: Negotiated['server']) => JobMappings;
  /** Replaces the error for an unknown job by `not-confirmed` when a project's unconfirmed file maps it. */
  explain(error: unknown, job: string): unknown;
  /** Unconfirmed project mappings, one line each. */
  unconfirmed(): readonly string[];
}

/**
 * The jobs of a server, looked up by its configured name, else by its `serverInfo` name. The person's mappings win over
 * confirmed project mappings, and those over the bundled ones.
 */
export async function jobsOf(
  { label }: { readonly label?: string | undefined },
  context: Context,
  { allowProject = false }: { readonly allowProject?: boolean | undefined } = {},
): Promise<JobsOfServer> {
  const [ours, { presets }, found] = await Promise.all([
    readJobs(context),
    import('@mcp-tasks/client/jobs'),
    projectJobs(context),
  ]);
  const allowed = await Promise.all(found.map(async (each) => allowProject || (await isConfirmed(each, context))));
  const confirmed = found.filter((_each, at) => allowed[at]);
  const waiting = found.filter((_each, at) => !allowed[at]);
  const names = new Set(label === undefined ? [] : [label]);
  const asked = (): readonly ProjectJobs[] => waiting.filter(({ name }) => names.has(name));
  const inProject = (name: string): JobMappings | undefined => confirmed.find((each) => each.name === name)?.jobs;

  return {
    of({ name }) {
      names.add(name);
      return {
        ...own(presets, name),
        ...inProject(name),
        ...own(ours, name),
        ...(label === undefined ? {} : { ...inProject(label), ...own(ours, label) }),
      };
    },
    explain(error, job) {
      const code = error instanceof CliError || TaskError.is(error) ? error.code : undefined;
      const entry = asked().find(({ jobs }) => own(jobs, job) !== undefined);
      const isMissing = code === 'tool-not-found' || code === 'not-found';
      return isMissing && entry !== undefined ? jobsNotConfirmed(entry, context) : error;
    },
    unconfirmed: () => asked().map((each) => `A project maps jobs of it: ${allowCommand(each, context)}`),
  };
}
