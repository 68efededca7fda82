import type { TaskRecord } from '@mcp-tasks/client';
import { type KeeperHello, keeperSockets, reachKeeper } from '@mcp-tasks/client/keeper';
import type { CommonFlags, Context } from '../../context.ts';
import { safeText } from '../../display/safe-text.ts';
import { table } from '../../display/table.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { withSession } from '../../session/session.ts';
import { stateDirectory } from '../../state-directory.ts';

interface Kept {
  readonly hello: KeeperHello;
  readonly open: number;
  readonly undelivered: number;
}

/** Which servers are kept for hosts, and what waits there. */
export function runBridgeStatus(flags: CommonFlags, context: Context): Promise<ExitCode> {
  return withSession(context, flags, async ({ store, printer }) => {
    const { records } = await store.list({ labels: { via: 'bridge' } });
    const keepers = await livingKeepers(context);
    const rows = keepers.map((hello) => keptOf(hello, records));
    if (printer.json) {
      printer.document({ keepers: rows.map(({ hello, open, undelivered }) => ({ ...hello, open, undelivered })) });
      return exitCodes.completed;
    }
    if (rows.length > 0)
      printer.result(await table(['PID', 'SERVER', 'HOSTS', 'OPEN', 'UNDELIVERED'], rows.map(rowOf)));
    const waiting = records.filter(isUndelivered).length;
    if (rows.length === 0) printer.line('No server is kept for a host now. A host starts its bridge by itself.');
    if (waiting > 0)
      printer.line(`${waiting} ${waiting === 1 ? 'result was' : 'results were'} not delivered to a host yet`);
    printer.line('Put a bridge into a host: mcp-tasks bridge install <host> <target>');
    return exitCodes.completed;
  });
}

async function livingKeepers(context: Context): Promise<readonly KeeperHello[]> {
  const sockets = await keeperSockets(stateDirectory(context));
  const lines = await Promise.all(sockets.map((path) => reachKeeper({ path }).catch(() => undefined)));
  const living = lines.filter((line) => line !== undefined);
  for (const line of living) line.close();
  return living.map(({ hello }) => hello);
}

function isUndelivered({ outcome, deliveredAt }: TaskRecord): boolean {
  return outcome !== null && typeof deliveredAt !== 'number';
}

function keptOf(hello: KeeperHello, records: readonly TaskRecord[]): Kept {
  const own = records.filter(({ server }) => server.fingerprint === hello.fingerprint);
  return {
    hello,
    open: own.filter(({ outcome }) => outcome === null).length,
    undelivered: own.filter(isUndelivered).length,
  };
}

function rowOf({ hello, open, undelivered }: Kept): readonly string[] {
  // One of them is this look.
  return [String(hello.pid), safeText(hello.label), String(hello.fronts - 1), String(open), String(undelivered)];
}
