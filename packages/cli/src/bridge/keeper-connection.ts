import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject, ProgramAnswers } from '@mcp-tasks/client';
import type { KeeperHello, KeeperLine } from '@mcp-tasks/client/keeper';
import type { Context } from '../context.ts';
import { type ReachServerOptions, reachServer } from '../keeper/reach-server.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';

/** The connection to a server's keeper, opened on first use. */
export interface KeeperConnection {
  /** The keeper; a new one is started when it has ended. */
  readonly keeper: () => Promise<KeeperLine>;
  close(): Promise<void>;
}

/** Requests of the server that the host answers. */
export interface HostRequests {
  /** Methods that the host has declared. */
  readonly declares: ProgramAnswers['methods'];
  /** Methods that the bridge sends to the host directly; a host of 2026-07-28 receives them within its calls. */
  readonly answers: readonly string[];
  ask(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject>;
}

/** Pause between attempts to restart the keeper, in ms. */
const RESTORE_MS = 2_000;
/** How long the keeper waits for the host to restart its bridge, in ms. */
const LINGER_MS = 10_000;

export interface KeeperConnectionOptions
  extends Required<Pick<ReachServerOptions, 'onNotification' | 'onNotice' | 'onChanged' | 'allowProject'>> {
  /** Requests that the host answers; none over HTTP. */
  readonly host: HostRequests | undefined;
  /** Called with the description of each keeper that is reached. */
  readonly onReached: (keeper: KeeperHello) => void;
  /** Whether open calls need a keeper; if so, a killed keeper is restarted at once. */
  readonly hasOpenWork: () => Promise<boolean>;
}

export function createKeeperConnection(
  resolved: ResolvedTarget,
  context: Context,
  { onNotification, onNotice, onChanged, allowProject, host, onReached, hasOpenWork }: KeeperConnectionOptions,
): KeeperConnection {
  let line: Promise<KeeperLine> | undefined;
  const closing = new AbortController();

  function forget(ended: Promise<KeeperLine>): void {
    if (line === ended) line = undefined;
  }

  function keeper(): Promise<KeeperLine> {
    if (line !== undefined) return line;
    const asked = host === undefined ? {} : { declares: host.declares, answers: host.answers, onAsk: host.ask };
    const listeners = { onNotification, onNotice, onChanged, ...asked };
    const options = { restart: 'always', lingerMs: LINGER_MS, allowProject, ...listeners } as const;
    const reached = reachServer(resolved, context, options);
    line = reached;
    reached.then(
      async ({ hello, ended }) => {
        onReached(hello);
        await ended;
        forget(reached);
        await restore();
      },
      () => forget(reached),
    );
    return reached;
  }

  /** Restarts the keeper, which polls the tasks of held calls. Retries while the server is down. */
  async function restore(): Promise<void> {
    while (!closing.signal.aborted && (await hasOpenWork().catch(() => true))) {
      const isBack = await keeper().then(
        () => true,
        () => false,
      );
      if (isBack) return;
      await sleep(RESTORE_MS, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
    }
  }

  return {
    keeper,
    async close() {
      closing.abort();
      // A server that is still starting keeps no host waiting.
      void line?.then((reached) => reached.close()).catch(() => undefined);
    },
  };
}
