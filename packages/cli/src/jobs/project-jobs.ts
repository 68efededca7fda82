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

/** The jobs of one server, as a project's `.mcp-tasks/jobs.json` maps them. */
export interface ProjectJobs {
  /** The server: as it is configured, or as it calls itself. */
  readonly name: string;
  readonly file: ConfigurationFile;
  /** SHA-256 of the entry as it stands in the file. */
  readonly digest: string;
  readonly jobs: JobMappings;
}

/** Of the nearest project first. A file that cannot be read maps nothing. */
export async function projectJobs(context: Context): Promise<readonly ProjectJobs[]> {
  const all = await Promise.all(
    projectJobsFiles(context).map((file) => jobsOfFile(file, context).catch(() => [] as const)),
  );
  return all.flat();
}

/** The entries of a file that was named by hand; undefined for one that maps no jobs. @throws {CliError} */
export async function projectJobsAt(path: string, context: Context): Promise<readonly ProjectJobs[] | undefined> {
  const absolute = resolve(context.cwd, path);
  if (!isJobsFile(absolute)) return undefined;
  const [file] = projectJobsFiles({ ...context, cwd: resolve(absolute, '../..') });
  const found = file === undefined ? [] : await jobsOfFile({ ...file, path: absolute }, context);
  if (found.length === 0) throw new CliError('target-not-found', `${path} maps no jobs`);
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

/** Describes what the mappings would call, a line for each tool. */
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

/** The refusal of jobs that a person has not read. */
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

/** What confirms them. */
export function allowCommand({ file, name }: ProjectJobs, context: Context): string {
  return `mcp-tasks allow ${wordToPaste(`${shortPath(file, context)}:${name}`)}`;
}
