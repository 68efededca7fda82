import { join } from 'node:path';
import { isJsonObject, type JsonObject, openMailbox } from '@mcp-tasks/client';
import { type KeeperLine, PeerError } from '@mcp-tasks/client/keeper';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { aborted } from '../aborted.ts';
import type { Context } from '../context.ts';
import { openStore } from '../session/open-store.ts';
import { stateDirectory } from '../state-directory.ts';
import { identifyTarget } from '../targets/identify-target.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';
import { createBridgeCache, type ServerFace } from './bridge-cache.ts';
import { createBridgedRecords } from './bridged-records.ts';
import { type Front, namesBeside } from './front.ts';
import { createHostCalls } from './host-calls.ts';
import { createNativeTasks } from './native-tasks.ts';
import { reachServer } from './reach-server.ts';
import { type HostLine, serveHost } from './serve-host.ts';
import type { OwnNames } from './texts.ts';

/** By these our records of bridged calls are told from others. */
const LABELS = { via: 'bridge' };

export interface BridgeOptions {
  /** @default by the host's limits */
  readonly holdMs: number | undefined;
  readonly join: boolean;
  readonly questions: 'host' | 'terminal' | 'both';
}

/** Serves a host over standard input and output until it leaves. The keeper goes on with what is under way. */
export async function runFront(resolved: ResolvedTarget, options: BridgeOptions, context: Context): Promise<void> {
  const { fingerprint } = identifyTarget(resolved);
  const { store } = await openStore(context, (text) => context.stderr.write(`warning: ${text}\n`));
  const mailbox = openMailbox(store);
  const cache = createBridgeCache(stateDirectory(context), fingerprint);
  let host: HostLine | undefined;
  let line: Promise<KeeperLine> | undefined;

  /** The keeper, started anew when it has ended. */
  function keeper(): Promise<KeeperLine> {
    if (line !== undefined) return line;
    const reached = reachServer(resolved, context, { onNotification: (method, params) => passOn(method, params) });
    line = reached;
    reached.then(
      ({ ended }) => ended.then(() => forget(reached)),
      () => forget(reached),
    );
    return reached;
  }

  function forget(ended: Promise<KeeperLine>): void {
    if (line === ended) line = undefined;
  }

  function passOn(method: string, params: JsonObject): void {
    if (PASSED_ON.has(method)) host?.notify(method, params);
  }

  async function look(): Promise<ServerFace> {
    const reached = await keeper();
    const { server, capabilities, instructions } = reached.hello;
    const face = { server, capabilities, instructions, tools: await listTools(reached) };
    await cache.write(face).catch(() => undefined);
    return face;
  }

  /** The tools that were listed last come at once; a host is told when they have changed meanwhile. */
  let known = await cache.read();
  async function refresh(): Promise<void> {
    const before = JSON.stringify(known?.tools);
    known = await look();
    if (JSON.stringify(known.tools) !== before) host?.notify('notifications/tools/list_changed', {});
  }

  try {
    if (known === undefined) known = await look();
    else void refresh().catch((error: Error) => context.stderr.write(`warning: ${error.message}\n`));
    const { now } = context;
    const { join: joins } = options;
    const records = createBridgedRecords({ store, mailbox, fingerprint, keeper, join: joins, labels: LABELS, now });
    const names = (): OwnNames => namesBeside(known?.tools ?? []);
    const front: Front = {
      face: known,
      tools: async () => known?.tools ?? [],
      names,
      calls: createHostCalls({ records, store, names, now }),
      tasks: createNativeTasks({ records, store, mailbox, labels: LABELS, now }),
      forward: async (method, params, signal) =>
        asResult(await (await keeper()).forward(method, params, signal).catch(refuse)),
      async answer(id, key, digest, answer) {
        const question = await mailbox.get(id).question(key, digest);
        await question.answer(answer);
      },
      holdMs: options.holdMs,
      asksHost: options.questions !== 'terminal',
      resultsFolder: join(stateDirectory(context), 'results'),
      now,
    };
    host = await serveHost(front, context.stdin, context.stdout);
    await Promise.race([host.ended, aborted(context.interrupt)]);
    await host.close();
  } finally {
    (await line?.catch(() => undefined))?.close();
    await mailbox.close();
    await store.close();
  }
}

/** Notifications of the server that a host is told of. */
const PASSED_ON: ReadonlySet<string> = new Set([
  'notifications/tools/list_changed',
  'notifications/resources/list_changed',
  'notifications/resources/updated',
  'notifications/prompts/list_changed',
  'notifications/message',
]);

const MAX_PAGES = 100;

async function listTools(keeper: KeeperLine): Promise<readonly JsonObject[]> {
  const tools: JsonObject[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const result = asResult(await keeper.forward('tools/list', cursor === undefined ? {} : { cursor }));
    tools.push(...(Array.isArray(result.tools) ? result.tools.filter(isJsonObject) : []));
    if (typeof result.nextCursor !== 'string') break;
    cursor = result.nextCursor;
  }
  return tools;
}

function asResult(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function refuse(error: unknown): never {
  if (!(error instanceof PeerError)) throw error;
  throw new McpError(error.error.code ?? ErrorCode.InternalError, error.error.message, error.error.data);
}
