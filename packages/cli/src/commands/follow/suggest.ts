import type { TaskClient } from '@mcp-tasks/client';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { jobsPath } from '../../jobs/read-jobs.ts';
import type { Session } from '../../session/session.ts';
import type { ResolvedTarget } from '../../targets/resolved-target.ts';

/** Prints draft mappings for `jobs.json` on standard output. They take effect only when saved. */
export async function suggest(session: Session, client: TaskClient, { label }: ResolvedTarget): Promise<ExitCode> {
  const { printer, context } = session;
  const tools = await client.listTools({ signal: context.interrupt });
  const { suggestJobs } = await import('@mcp-tasks/client/jobs');
  const drafts = suggestJobs(tools.map(({ name, inputSchema }) => ({ name, inputSchema })));
  const names = Object.keys(drafts);
  const server = label ?? client.connection.negotiated.server.name;
  if (names.length === 0) {
    printer.line('No pair of tools is named like the start and the status of a job.');
    return exitCodes.completed;
  }
  printer.document({ [server]: drafts });
  printer.line(
    `A draft from the names of the tools: correct the pointers and the words, then save it in ${jobsPath(context)}`,
  );
  printer.line(`Then check it: mcp-tasks doctor ${server}`);
  return exitCodes.completed;
}
