import { CliError } from '../../cli-error.ts';
import type { CommonFlags, Context } from '../../context.ts';
import { formatDuration } from '../../display/duration.ts';
import { safeText } from '../../display/safe-text.ts';
import { table } from '../../display/table.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import type { Holder } from '../../keeper/keeper-file.ts';
import { deathOf, isProcess, lookAfterHolders } from '../../keeper/look-after-keepers.ts';
import { withSession } from '../../session/session.ts';

export interface HoldersFlags extends CommonFlags {
  /** A pid, or all without one. */
  readonly stop?: string | true;
}

/** What runs in the background for detached calls, and its end. */
export function runHolders(flags: HoldersFlags, context: Context): Promise<ExitCode> {
  return withSession(
    context,
    flags,
    async ({ store, printer }) => {
      const { living: holders, dead } = await lookAfterHolders(store, context);
      for (const holder of dead) printer.line(deathOf(holder, context.now()));
      const stopped = flags.stop === undefined ? [] : choose(holders, flags.stop);
      await Promise.all(stopped.map(({ pid }) => stop(pid)));
      if (printer.json) {
        const listed = holders.map((holder) => ({ ...holder, stopped: stopped.includes(holder) }));
        printer.document({ holders: listed, died: dead });
        return exitCodes.completed;
      }
      if (flags.stop === undefined) {
        const rows = holders.map(({ pid, startedAt, server, id }) => [
          String(pid),
          id,
          safeText(server),
          `${formatDuration(context.now() - startedAt)} ago`,
        ]);
        if (rows.length > 0) printer.result(await table(['PID', 'TASK', 'SERVER', 'STARTED'], rows));
      }
      for (const { pid, id } of stopped) printer.result(`${pid} stopped; ${id} is no longer kept going`);
      const left = holders.filter((holder) => !stopped.includes(holder));
      const [first = dead[0] ?? stopped[0]] = left;
      if (first === undefined) printer.line('Nothing runs in the background. mcp-tasks call --detach starts it.');
      else printer.line(`Wait for one: mcp-tasks wait ${first.id}`);
      return exitCodes.completed;
    },
    { onShared: 'ignore' },
  );
}

const PATIENCE_MS = 3_000;
const LOOK_MS = 50;

/** Asks it to end, and waits until it has: its server is its child and ends with it. */
async function stop(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; waited < PATIENCE_MS && isProcess(pid); waited += LOOK_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function choose(holders: readonly Holder[], wanted: string | true): readonly Holder[] {
  if (wanted === true) return holders;
  const found = holders.filter(({ pid, id }) => String(pid) === wanted || id === wanted);
  if (found.length > 0) return found;
  throw new CliError('not-found', `No holder ${wanted}`, 'mcp-tasks holders lists them.');
}
