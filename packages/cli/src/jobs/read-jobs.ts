import { readFile } from 'node:fs/promises';
import { isJsonObject, type JobMappings } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import { configPath } from '../config-path.ts';
import type { Context } from '../context.ts';
import type { ConfigurationFile } from '../targets/configuration-files.ts';
import { shortPath } from '../targets/short-path.ts';

/** Mappings by server name. */
export type JobsByServer = Readonly<Record<string, JobMappings>>;

/** The path of the person's mappings. */
export function jobsPath(context: Pick<Context, 'env' | 'homeDirectory'>): string {
  return configPath(context, 'jobs.json');
}

/**
 * The person's mappings; empty when the file is missing. @throws {CliError} `configuration-invalid`, naming each
 * invalid place
 */
export function readJobs(context: Context): Promise<JobsByServer> {
  const path = jobsPath(context);
  return readJobsFile({ path, host: 'mcp-tasks', owner: 'person', directory: context.cwd, format: 'json' }, context);
}

/** Empty when the file is missing. @throws {CliError} `configuration-invalid`, naming each invalid place */
export async function readJobsFile(file: ConfigurationFile, context: Context): Promise<JobsByServer> {
  const bytes = await readFile(file.path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new CliError(
      'configuration-invalid',
      `${file.path} cannot be read: ${error.code ?? error.message}`,
      'Make it readable, or move it away.',
    );
  });
  if (bytes === undefined) return {};
  const { parseConfiguration } = await import('../targets/parse-configuration.ts');
  const parsed = await parseConfiguration(file, bytes);
  const { jobsFile } = await import('./jobs-schema.ts');
  const { prettifyError } = await import('zod');
  const checked = jobsFile.safeParse(parsed);
  if (!checked.success) {
    const where = shortPath(file, context);
    throw new CliError('configuration-invalid', `${where} does not describe jobs`, prettifyError(checked.error));
  }
  const servers = Object.entries(checked.data).filter(([, jobs]) => isJsonObject(jobs));
  return Object.fromEntries(servers) as unknown as JobsByServer;
}
