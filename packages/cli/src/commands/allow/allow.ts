import { resolve } from 'node:path';
import { CliError } from '../../cli-error.ts';
import type { CommonFlags, Context } from '../../context.ts';
import { createPrinter } from '../../display/printer.ts';
import { safeText } from '../../display/safe-text.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { describeJobs, type ProjectJobs, projectJobsAt } from '../../jobs/project-jobs.ts';
import { confirm, readConfirmations, revoke } from '../../targets/confirmations.ts';
import { describeEntry } from '../../targets/describe-entry.ts';
import { pickNamed, serversIn, splitPicked } from '../../targets/find-configured.ts';
import type { ConfiguredServer } from '../../targets/read-configuration.ts';

export interface AllowFlags extends CommonFlags {
  readonly revoke?: boolean;
}

/** Confirms entries of a project's file and prints what they may do; without a file, lists the confirmed entries. */
export async function runAllow(words: string | undefined, flags: AllowFlags, context: Context): Promise<ExitCode> {
  const printer = createPrinter(context, flags);
  if (words === undefined) {
    const allowed = await readConfirmations(context);
    if (printer.json) printer.document({ allowed });
    else for (const { path, name } of allowed) printer.result(`${safeText(path)}:${safeText(name)}`);
    if (allowed.length === 0 && !printer.json) printer.line('No server of a project is confirmed.');
    return exitCodes.completed;
  }
  const { path, name } = splitPicked(words) ?? { path: words, name: undefined };
  if (flags.revoke === true) {
    const count = await revoke(resolve(context.cwd, path), name, context);
    if (printer.json) printer.document({ revoked: count });
    else if (count === 0) printer.line(`No server of ${safeText(words)} was confirmed.`);
    else printer.result(`${count} ${count === 1 ? 'server is' : 'servers are'} no longer confirmed`);
    return exitCodes.completed;
  }
  const all: readonly (ProjectJobs | ConfiguredServer)[] =
    (await projectJobsAt(path, context)) ?? (await serversIn(path, context));
  const chosen = (name === undefined ? all : [pickNamed(all, name, path)]).filter(isUsable);
  const [first] = chosen;
  if (first === undefined) throw new CliError('target-invalid', `${path} has no server that can be used`);
  if (first.file.owner === 'person') throw new CliError('usage', `${path} is your own and needs no confirmation`);
  await confirm(chosen, context);
  if (printer.json) printer.document({ allowed: chosen.map((each) => ({ path: each.file.path, name: each.name })) });
  for (const server of printer.json ? [] : chosen) {
    printer.result(`allowed  ${safeText(server.name)}`);
    for (const line of 'jobs' in server ? describeJobs(server) : describeEntry(server)) printer.result(`  ${line}`);
  }
  return exitCodes.completed;
}

function isUsable(entry: ProjectJobs | ConfiguredServer): boolean {
  return 'jobs' in entry || entry.entry.kind !== 'unusable';
}
