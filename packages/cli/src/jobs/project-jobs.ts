import { resolve } from 'node:path';
import { isJsonObject, type JobMappings, type JsonObject } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { wordToPaste } from '../display/quote-command.ts';
import { safeText } from '../display/safe-text.ts';
import { type ConfigurationFile, isJobsFile, projectJobsFiles } from '../targets/configuration-files.ts';
import { digestOfEntry } from '../targets/entry-digest.ts';
import { shortPath } from '../targets/short-path.ts';
import { readJobsFile } from './read-jobs.ts';

/** The job mappings of one server in a project's `.mcp-tasks/jobs.json`. */
export interface ProjectJobs {
  /** The server's configured name, or that of its `serverInfo`. */
  readonly name: string;
  readonly file: ConfigurationFile;
  /** SHA-256 of the entry as it stands in the file. */
  readonly digest: string;
  readonly jobs: JobMappings;
}

/** Mappings of all projects, the nearest first. An unreadable file counts as empty. */
export async function projectJobs(context: Context): Promise<readonly ProjectJobs[]> {
  const all = await Promise.all(
    projectJobsFiles(context).map((file) => jobsOfFile(file, context).catch(() => [] as const)),
  );
  return all.flat();
}

/** The entries of a file named on the command line; `undefined` for a file of another kind. @throws {CliError} */
export async function projectJobsAt(path: string, context: Context): Promise<readonly ProjectJobs[] | undefined> {
  const absolute = resolve(context.cwd, path);
  if (!isJobsFile(absolute)) return undefined;
  const [file] = projectJobsFiles({ ...context, cwd: resolve(absolute, '../..') });
  const found = file === undefined ? [] : await jobsOfFile({ ...file, path: absolute }, context);
  if (found.length === 0)
    throw new CliError('target-not-found', `${path} maps no jobs`, 'A draft: mcp-tasks follow TARGET --suggest');
  return found;
}

async function jobsOfFile(file: ConfigurationFile, context: Context): Promise<readonly ProjectJobs[]> {
  const servers = await readJobsFile(file, context);
  return Object.entries(servers).map(([name, jobs]) => ({
    name,
    file,
    digest: digestOfEntry(jobs as unknown as JsonObject),
    jobs,
  }));
}

/** Lists the tool calls of the mappings, one line each. */
export function describeJobs({ jobs }: ProjectJobs): readonly string[] {
  return Object.entries(jobs).flatMap(([job, mapping]) =>
    callsIn(mapping as unknown as JsonObject).map((call) => `${safeText(job)}  calls ${call}`),
  );
}

function callsIn(value: JsonObject): readonly string[] {
  const { tool, arguments: args } = value;
  const given = args === undefined ? '' : ` with ${safeText(JSON.stringify(args))}`;
  const own = typeof tool === 'string' ? [`${safeText(tool)}${given}`] : [];
  return [
    ...own,
    ...Object.values(value).flatMap((each) => (each !== args && isJsonObject(each) ? callsIn(each) : [])),
  ];
}

/** The error for unconfirmed jobs. */
export function jobsNotConfirmed(entry: ProjectJobs, context: Context): CliError {
  const file = shortPath(entry.file, context);
  const hint = [
    'A project maps these jobs:',
    ...describeJobs(entry).map((line) => `  ${line}`),
    `Allow them: ${allowCommand(entry, context)}`,
    'Or for one run: --allow-project',
  ];
  return new CliError('not-confirmed', `The jobs of "${entry.name}" in ${file} are not confirmed`, hint.join('\n'));
}

/** The command that confirms them. */
export function allowCommand({ file, name }: ProjectJobs, context: Context): string {
  return `mcp-tasks allow ${wordToPaste(`${shortPath(file, context)}:${name}`)}`;
}
