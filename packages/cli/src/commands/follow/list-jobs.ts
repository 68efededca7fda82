import type { TaskClient, TaskRecord } from '@mcp-tasks/client';
import { CliError } from '../../cli-error.ts';
import { commandToPaste, wordToPaste } from '../../display/quote-command.ts';
import { safeText } from '../../display/safe-text.ts';
import { table } from '../../display/table.ts';
import { describeTask } from '../../display/task-document.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { jobsPath } from '../../jobs/read-jobs.ts';
import type { Session } from '../../session/session.ts';
import type { ResolvedTarget } from '../../targets/resolved-target.ts';

export interface Listing {
  readonly resolved: ResolvedTarget;
  /** Limits the list to this job mapping. */
  readonly job: string | undefined;
  /** Names of the job mappings. */
  readonly names: readonly string[];
}

/** Lists the server's jobs that have no record here, each with the command that follows it. */
export async function listJobs(session: Session, client: TaskClient, listing: Listing): Promise<ExitCode> {
  const { printer, context } = session;
  const { resolved, job, names } = listing;
  const { label } = client.connection.identity;
  if (names.length === 0) {
    const hint = `Describe them in ${jobsPath(context)}; a draft: mcp-tasks follow ${commandToPaste(resolved.words)} --suggest`;
    throw new CliError('not-found', `No job of ${label} is mapped`, hint);
  }
  if (job !== undefined && !names.includes(job))
    throw new CliError('not-found', `No job "${job}" of ${label} is mapped`, `Its jobs: ${names.join(', ')}`);
  const listed = (await client.listUnrecorded()).filter(
    (record) => record.mapping !== undefined && (job === undefined || record.tool === job),
  );
  if (printer.json) {
    printer.document({ jobs: names, tasks: listed.map((record) => ({ task: describeTask(record), outcome: null })) });
    return exitCodes.completed;
  }
  if (listed.length === 0) {
    printer.line(`${safeText(label)} lists no open job without a record here. Its jobs: ${names.join(', ')}`);
    return exitCodes.completed;
  }
  const width = context.stdout.isTTY ? context.stdout.columns : undefined;
  const rows = listed.map((record) => [record.tool, idOf(record), safeText(record.statusMessage ?? record.status)]);
  printer.result(await table(['JOB', 'ID', 'STATE'], rows, width));
  for (const record of listed.slice(0, 1)) printer.line(`Follow one: ${followCommand(resolved, record)}`);
  return exitCodes.completed;
}

/** The server's job id, read from the task id. */
function idOf({ taskId }: TaskRecord): string {
  const [, id] = JSON.parse(taskId ?? '[]') as readonly unknown[];
  return safeText(String(id));
}

function followCommand({ words }: ResolvedTarget, record: TaskRecord): string {
  const args = Object.entries(record.arguments).map(([name, value]) =>
    typeof value === 'string'
      ? `--arg ${wordToPaste(`${name}=${value}`)}`
      : `--arg ${wordToPaste(`${name}:=${JSON.stringify(value)}`)}`,
  );
  const what = [wordToPaste(record.tool), wordToPaste(idOf(record)), ...args].join(' ');
  return `mcp-tasks follow ${words[0] === '--' ? `${what} ${commandToPaste(words)}` : `${commandToPaste(words)} ${what}`}`;
}
