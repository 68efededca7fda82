import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { isJsonObject, type JsonObject, openMailbox } from '@mcp-tasks/client';
import { PeerError } from '@mcp-tasks/client/keeper';
import { ServeRefusal } from '@mcp-tasks/client/serve';
import type { Context } from '../context.ts';
import { openStore } from '../session/open-store.ts';
import { stateDirectory } from '../state-directory.ts';
import { identifyTarget } from '../targets/identify-target.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';
import type { ServerDescription } from './bridge-cache.ts';
import { createBridgedRecords } from './bridged-records.ts';
import { hasEnded } from './call-state.ts';
import { withChangeNotifications } from './change-notifications.ts';
import { withFormerTasksLost } from './former-tasks.ts';
import { bridgeToolNames, type Front, type Notify } from './front.ts';
import { createFrontFile, type FrontFile } from './front-file.ts';
import { createHostCalls } from './host-calls.ts';
import { createHostLimits, learnedLimitsFile } from './host-limits.ts';
import { createKeeperConnection, type HostRequests } from './keeper-connection.ts';
import { createNativeCalls } from './native-call.ts';
import { createNativeTasks } from './native-tasks.ts';
import type { KnownServer } from './server-description.ts';
import type { OwnNames } from './texts.ts';

/** Labels of records of bridged calls. */
const LABELS = { via: 'bridge' };

export interface BridgeOptions {
  /** @default by the host's limits */
  readonly holdMs: number | undefined;
  readonly join: boolean;
  readonly questions: 'host' | 'terminal' | 'both';
  /** Accept answers of programs and models to a task's questions. */
  readonly modelMayAnswer: boolean;
  /** Cancelling a request in the host cancels its task. */
  readonly cancelUpstream: boolean;
  /** Use a project's job mappings without confirmation. */
  readonly allowProject: boolean;
}

/** The hosts of a bridge and what is known of its server. */
export interface BridgeEnds {
  readonly description: KnownServer;
  readonly notify: Notify;
  /** Requests that the host answers; none over HTTP. */
  readonly host?: HostRequests | undefined;
}

/** One server, bridged for any number of hosts. After `close` the keeper continues the open calls. */
export interface OpenBridge {
  /** The front for one more host. */
  frontFor(): Front;
  /** This process in `bridge status`. */
  readonly file: FrontFile;
  /** The current input schema of a tool. */
  inputSchemaOf(tool: string): JsonObject | undefined;
  close(): Promise<void>;
}

export async function openBridge(
  resolved: ResolvedTarget,
  options: BridgeOptions,
  context: Context,
  { description, notify, host }: BridgeEnds,
): Promise<OpenBridge> {
  const { now } = context;
  const { fingerprint, label: server } = identifyTarget(resolved);
  const opened = await openStore(context, (text) => context.stderr.write(`warning: ${text}\n`));
  /** The revision of the server; undefined until a keeper is reached. */
  let revision: string | undefined;
  const { store: notified, changed } = withChangeNotifications(opened.store);
  const store = withFormerTasksLost(notified, () => revision);
  const mailbox = openMailbox(store);
  const line = createKeeperConnection(resolved, context, {
    onNotification(method, params) {
      // Notify hosts only after the new tools have arrived: hosts list them at once.
      if (method === 'notifications/tools/list_changed') refresh();
      else if (PASSED_ON.has(method)) notify(method, params);
    },
    // A restarted server may have other tools.
    onNotice: ({ kind }) => void (kind === 'restarted' && refresh()),
    onReached(keeper) {
      const isReconnect = revision !== undefined;
      ({ revision } = keeper);
      if (isReconnect) refresh();
    },
    onChanged: changed,
    allowProject: options.allowProject,
    host: host && { ...host, ask: (...asked) => host.ask(...asked).catch(throwForServer) },
    hasOpenWork: async () =>
      (await store.list({ open: true, fingerprint })).records.some((record) => !hasEnded(record)),
  });
  const warn = (error: Error): void => void context.stderr.write(`warning: ${error.message}\n`);
  const refresh = (): void => void description.refresh(line.keeper).catch(warn);
  const { pid } = context;
  const file = createFrontFile(stateDirectory(context), { pid, startedAt: now(), server, fingerprint });
  const close = async (): Promise<void> => {
    file.close();
    await line.close();
    await mailbox.close();
    await store.close();
  };
  try {
    const { keeper } = line;
    const cached = description.now();
    const first = cached ?? (await description.refresh(keeper));
    const known = (): ServerDescription => description.now() ?? first;
    const names = (): OwnNames => bridgeToolNames(known().tools, options.modelMayAnswer);
    if (cached !== undefined) refresh();
    const { join: joins, holdMs, questions, modelMayAnswer, cancelUpstream } = options;
    const asksHost = questions !== 'terminal';
    const stateKey = randomBytes(32).toString('hex');
    const records = createBridgedRecords({ store, mailbox, fingerprint, keeper, join: joins, labels: LABELS, now });
    const limits = createHostLimits({ file: learnedLimitsFile(stateDirectory(context)), now });
    return {
      file,
      frontFor() {
        const tasks = createNativeTasks({ records, store, mailbox, labels: LABELS, asksHost, modelMayAnswer, now });
        return {
          description: known(),
          tools: async () => known().tools,
          names,
          calls: createHostCalls({ records, store, names, now }),
          tasks,
          nativeCalls: createNativeCalls({ records, store, tasks }),
          stateKey,
          forward: async (method, params, signal) =>
            asResult(await (await keeper()).forward(method, params, signal).catch(refuse)),
          async answer(id, key, digest, answer) {
            const question = await mailbox.get(id).question(key, digest);
            await question.answer(answer);
          },
          holdMs,
          limits,
          file,
          asksHost,
          modelMayAnswer,
          cancelUpstream,
          resultsFolder: join(stateDirectory(context), 'results'),
          now,
        };
      },
      inputSchemaOf(tool) {
        const found = known().tools.find(({ name }) => name === tool);
        return isJsonObject(found?.inputSchema) ? found.inputSchema : undefined;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Server notifications that are passed on to hosts unchanged. */
const PASSED_ON: ReadonlySet<string> = new Set([
  'notifications/resources/list_changed',
  'notifications/resources/updated',
  'notifications/prompts/list_changed',
  'notifications/message',
]);

/** Rethrows the error of a host as a reply to the server. */
function throwForServer(error: unknown): never {
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  throw new PeerError({ code: typeof code === 'number' ? code : null, message });
}

function asResult(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

const INTERNAL_ERROR = -32603;

function refuse(error: unknown): never {
  if (!(error instanceof PeerError)) throw error;
  throw new ServeRefusal(error.error.code ?? INTERNAL_ERROR, error.error.message, error.error.data);
}
