import { type Connection, TaskError } from '@mcp-tasks/client';
import type { CommonFlags, Context } from '../../context.ts';
import { reportOf } from '../../display/error-report.ts';
import { createPrinter } from '../../display/printer.ts';
import { looksLikeFlag, wordToPaste } from '../../display/quote-command.ts';
import { safeText } from '../../display/safe-text.ts';
import { table } from '../../display/table.ts';
import { describeTarget } from '../../display/task-document.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { isConfirmed } from '../../targets/confirmations.ts';
import { DEMO } from '../../targets/demo-target.ts';
import { listConfigured } from '../../targets/find-configured.ts';
import { openConnection } from '../../targets/open-connection.ts';
import type { ConfiguredServer } from '../../targets/read-configuration.ts';
import type { ServerEntry } from '../../targets/read-entry.ts';
import { resolveConfigured } from '../../targets/resolve-configured.ts';
import { shortPath } from '../../targets/short-path.ts';
import { abortAfter } from '../../timers.ts';

export interface ServersFlags extends CommonFlags {
  /** `--no-connect`: reads the files only. */
  readonly connect?: boolean;
  /** Connects to the entries of a project's files too, for this run. */
  readonly allowProject?: boolean;
}

interface Found {
  readonly name: string;
  readonly target: string;
  readonly file: string;
  readonly host: string;
  /** True if the name resolves to this entry. */
  readonly wins: boolean;
  /** False for an unconfirmed entry of a project's file: it is neither started nor sent anything. */
  readonly confirmed: boolean;
  readonly answers: boolean | null;
  readonly detail: string | null;
}

/** Limit of connecting to one server, in ms. */
const CONNECT_MS = 10_000;

/** Lists the servers of the configuration files, with file and reachability. */
export async function runServers(flags: ServersFlags, context: Context): Promise<ExitCode> {
  const printer = createPrinter(context, flags);
  const servers = await listConfigured(context, (error) => printer.line(`warning: ${safeText(error.message)}`));
  const names = new Set<string>();
  const found = await Promise.all(
    servers.map(async (server): Promise<Found> => {
      const wins = !names.has(server.name);
      names.add(server.name);
      const confirmed = flags.allowProject === true || (await isConfirmed(server, context));
      const why = skipReason(server, wins, confirmed);
      const asked =
        flags.connect === false || why !== undefined ? undefined : await checkServer(server, context, flags);
      const { name, file, entry } = server;
      return {
        name,
        target: describeServerEntry(entry),
        file: shortPath(file, context),
        host: file.host,
        wins,
        confirmed,
        answers: asked?.answers ?? null,
        detail: asked?.detail ?? why ?? null,
      };
    }),
  );
  if (printer.json) printer.document({ servers: found });
  else if (found.length > 0) printer.result(await asTable(found, context.stdout));
  if (context.interrupt.aborted) return exitCodes.interrupted;
  const [first] = found.filter((each) => each.answers !== false && each.confirmed && each.target !== '');
  if (found.length === 0)
    printer.line('No configuration file here or at home names a server. Try: mcp-tasks watch demo');
  else if (first !== undefined) printer.line(`Look inside one: mcp-tasks tools ${targetToPaste(first)}`);
  for (const file of new Set(found.filter((each) => !each.confirmed).map((each) => each.file))) {
    printer.line(`Read ${safeText(file)}, then allow it: mcp-tasks allow ${wordToPaste(file)}`);
  }
  return exitCodes.completed;
}

function skipReason({ entry }: ConfiguredServer, wins: boolean, confirmed: boolean): string | undefined {
  if (entry.kind === 'unusable') return entry.why;
  if (!wins) return 'hidden by the one above';
  return confirmed ? undefined : 'not confirmed';
}

/** The name; with its file if the name alone would be read as a flag, a URL or the bundled server. */
function targetToPaste(found: Found): string {
  const isName = /^[\w-]+$/.test(found.name) && found.name !== DEMO && !looksLikeFlag(found.name);
  return wordToPaste(isName ? found.name : `${found.file}:${found.name}`);
}

function asTable(found: readonly Found[], stdout: NodeJS.WriteStream): Promise<string> {
  const rows = found.map((each) => [
    safeText(each.name),
    each.answers === null ? '-' : each.answers ? 'yes' : 'no',
    safeText(each.file),
    safeText(each.target, { maxLength: 60 }),
    safeText(each.detail ?? '', { maxLength: 200 }),
  ]);
  return table(['NAME', 'ANSWERS', 'FILE', 'TARGET', ''], rows, stdout.isTTY ? stdout.columns : undefined);
}

/** Shows variables unexpanded: their values may be secret. */
function describeServerEntry(entry: ServerEntry): string {
  if (entry.kind === 'unusable') return '';
  return describeTarget(
    entry.kind === 'url'
      ? { kind: 'url', url: entry.url, protocol: entry.protocol }
      : { kind: 'command', command: entry.command, args: entry.args },
  );
}

async function checkServer(
  server: ConfiguredServer,
  context: Context,
  flags: ServersFlags,
): Promise<{ readonly answers: boolean; readonly detail: string }> {
  const limit = abortAfter(context.clock, CONNECT_MS);
  const signal = AbortSignal.any([context.interrupt, limit.signal]);
  let connection: Connection | undefined;
  try {
    const resolved = await resolveConfigured(server, { allowProject: flags.allowProject === true }, context);
    connection = await openConnection(resolved, context, flags, {
      signal,
      mayAsk: false,
    });
    const { server: info, revision } = connection.negotiated;
    return { answers: true, detail: `${safeText(info.name)} ${safeText(info.version)}, ${revision}` };
  } catch (error) {
    const isAuth = error instanceof TaskError && error.code === 'auth-required';
    return { answers: isAuth, detail: isAuth ? 'sign-in needed' : reportOf(error).message };
  } finally {
    limit.cancel();
    void connection?.close().catch(() => undefined);
  }
}
