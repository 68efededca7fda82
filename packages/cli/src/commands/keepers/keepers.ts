import { CliError } from '../../cli-error.ts';
import type { CommonFlags, Context } from '../../context.ts';
import { formatDuration } from '../../display/duration.ts';
import { safeText } from '../../display/safe-text.ts';
import { table } from '../../display/table.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { isProcess } from '../../keeper/is-process.ts';
import { deathNotice, type KeptServer, listKeepers } from '../../keeper/list-keepers.ts';
import { withSession } from '../../session/session.ts';
import { pause } from '../../timers.ts';

export interface KeepersFlags extends CommonFlags {
  /** A keeper's process id; all keepers without a value. */
  readonly stop?: string | true;
}

/** Lists the keepers, or stops them. */
export function runKeepers(flags: KeepersFlags, context: Context): Promise<ExitCode> {
  return withSession(
    context,
    flags,
    async ({ store, printer }) => {
      const { living, dead } = await listKeepers(store, context);
      for (const keeper of dead) for (const line of deathNotice(keeper, context.now())) printer.line(line);
      const stopped = flags.stop === undefined ? [] : chooseKeepers(living, flags.stop);
      await Promise.all(stopped.map(({ pid }) => stopKeeper(pid, context)));
      if (printer.json) {
        const keepers = living.map((keeper) => ({ ...asListed(keeper), stopped: stopped.includes(keeper) }));
        printer.document({ keepers, holders: keepers, died: dead.map(asListed) });
        return exitCodes.completed;
      }
      if (flags.stop === undefined && living.length > 0) {
        const rows = living.map((keeper) => rowOf(keeper, context.now()));
        printer.result(await table(['PID', 'TASK', 'SERVER', 'STARTED'], rows));
      }
      for (const { pid, tasks } of stopped) printer.result(`${pid} stopped${endOf(tasks)}`);
      for (const line of hintLines(living, dead, stopped)) printer.line(line);
      return exitCodes.completed;
    },
    { onShared: 'ignore' },
  );
}

/** The next command; after a stop only if other keepers run. */
function hintLines(
  living: readonly KeptServer[],
  dead: readonly KeptServer[],
  stopped: readonly KeptServer[],
): readonly string[] {
  const left = living.filter((keeper) => !stopped.includes(keeper));
  if (stopped.length > 0) return left.length === 0 ? [] : [`${left.length} still running: mcp-tasks keepers`];
  const [first] = [...left, ...dead].flatMap(({ tasks }) => tasks);
  if (first !== undefined) return [`Wait for one: mcp-tasks wait ${first}`];
  if (left.length > 0) return ['End one: mcp-tasks keepers --stop PID'];
  return ['No background process runs. mcp-tasks call --detach starts one.'];
}

/** `id` is the first of its tasks. */
function asListed({ pid, startedAt, server, tasks, fronts }: KeptServer) {
  return { pid, startedAt, server, id: tasks[0] ?? null, tasks, fronts };
}

function rowOf({ pid, startedAt, server, tasks }: KeptServer, now: number): readonly string[] {
  const [first = '-', ...others] = tasks;
  const more = others.length === 0 ? '' : ` +${others.length}`;
  return [String(pid), `${first}${more}`, safeText(server), `${formatDuration(now - startedAt)} ago`];
}

function endOf(tasks: readonly string[]): string {
  if (tasks.length === 0) return '';
  return `; ${tasks.join(', ')} ${tasks.length === 1 ? 'is' : 'are'} no longer followed`;
}

/** Limit of the wait for the exit of a stopped keeper, in ms. */
const EXIT_MS = 3_000;
const CHECK_MS = 50;

/** Sends SIGTERM and waits for the exit: the keeper's server, its child, ends too. */
async function stopKeeper(pid: number, { clock }: Context): Promise<void> {
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; waited < EXIT_MS && isProcess(pid); waited += CHECK_MS) {
    await pause(clock, CHECK_MS);
  }
}

function chooseKeepers(keepers: readonly KeptServer[], wanted: string | true): readonly KeptServer[] {
  if (wanted === true) return keepers;
  const found = keepers.filter(({ pid, tasks }) => String(pid) === wanted || tasks.includes(wanted));
  if (found.length > 0) return found;
  throw new CliError('not-found', `No background process ${wanted}`, 'mcp-tasks keepers lists them.');
}
