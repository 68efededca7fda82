import type { FrontNote } from '../../bridge/front-file.ts';
import type { LearnedLimit } from '../../bridge/host-limits.ts';
import { type BridgeKeeper, type Bridges, listBridges } from '../../bridge/list-bridges.ts';
import type { CommonFlags, Context } from '../../context.ts';
import { formatDuration } from '../../display/duration.ts';
import type { Printer } from '../../display/printer.ts';
import { safeText } from '../../display/safe-text.ts';
import { table } from '../../display/table.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { withSession } from '../../session/session.ts';

/** Lists the hosts' fronts, the keepers of their servers, and undelivered results. */
export function runBridgeStatus(flags: CommonFlags, context: Context): Promise<ExitCode> {
  return withSession(context, flags, async ({ store, printer }) => {
    const bridges = await listBridges(store, context);
    if (printer.json) printer.document(documentOf(bridges));
    else await print(bridges, printer, context.now());
    return exitCodes.completed;
  });
}

function documentOf({ fronts, keepers, undelivered, limits }: Bridges): object {
  return {
    fronts: fronts.map((front) => ({ ...front, over: transportOf(front), startedAt: instant(front.startedAt) })),
    keepers: keepers.map(({ hello, ...counts }) => ({ ...hello, ...counts })),
    undelivered: undelivered.map(({ id }) => id),
    limits: limits.map(({ host, holdMs, at }) => ({ host, holdMs, learnedAt: instant(at) })),
  };
}

async function print({ fronts, keepers, undelivered, limits }: Bridges, printer: Printer, now: number): Promise<void> {
  const tables = [
    [['FRONT', 'HOST', 'SERVER', 'OVER', 'HELD', 'STARTED'], fronts.map((front) => rowOfFront(front, now))],
    [['KEEPER', 'SERVER', 'FRONTS', 'OPEN', 'UNDELIVERED'], keepers.map(rowOfKeeper)],
    [['HOST', 'HOLD', 'LEARNED'], limits.map((limit) => rowOfLimit(limit, now))],
  ] as const;
  const shown = tables.filter(([, rows]) => rows.length > 0);
  const texts = await Promise.all(shown.map(([head, rows]) => table(head, rows)));
  if (texts.length > 0) printer.result(texts.join('\n\n'));
  if (fronts.length === 0 && keepers.length === 0)
    printer.line('No bridge is running. A host starts its bridge itself.');
  const [first] = undelivered;
  if (first !== undefined) {
    const were = undelivered.length === 1 ? 'result was' : 'results were';
    printer.line(`${undelivered.length} ${were} not delivered to a host yet: mcp-tasks result ${first.id}`);
  }
  printer.line('Put a bridge into a host: mcp-tasks bridge install <host> <target>');
}

function transportOf({ url }: FrontNote): 'http' | 'stdio' {
  return url === null ? 'stdio' : 'http';
}

function rowOfFront(front: FrontNote, now: number): readonly string[] {
  const { pid, hosts, server, url, held, startedAt } = front;
  const names = hosts.length === 0 ? '-' : hosts.map((host) => safeText(host)).join(', ');
  return [String(pid), names, safeText(server), url ?? 'stdio', String(held), ago(startedAt, now)];
}

function rowOfKeeper({ hello, fronts, open, undelivered }: BridgeKeeper): readonly string[] {
  return [String(hello.pid), safeText(hello.label), String(fronts), String(open), String(undelivered)];
}

function rowOfLimit({ host, holdMs, at }: LearnedLimit, now: number): readonly string[] {
  return [safeText(host), formatDuration(holdMs), ago(at, now)];
}

function ago(at: number, now: number): string {
  return `${formatDuration(now - at)} ago`;
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
