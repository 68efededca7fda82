import { aborted } from '../aborted.ts';
import type { Context } from '../context.ts';
import { stateDirectory } from '../state-directory.ts';
import { identifyTarget } from '../targets/identify-target.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';
import { createBridgeCache } from './bridge-cache.ts';
import { hostNameIn } from './first-answers.ts';
import type { Notify } from './front.ts';
import { answeredBy } from './host-requests.ts';
import type { HostRequests } from './keeper-connection.ts';
import type { BridgeOptions, OpenBridge } from './open-bridge.ts';
import { type HostConnection, serveHost } from './serve-host.ts';
import { readKnownServer } from './server-description.ts';

/** Time from the first request until the records and the keeper open for a host that lists no tools, in ms. */
const OPEN_MS = 1_000;

/**
 * Serves a host over stdio until it disconnects. From the second start on its first requests are answered from the
 * cache, before the records and the keeper are opened.
 */
export async function runFront(resolved: ResolvedTarget, options: BridgeOptions, context: Context): Promise<void> {
  let host: HostConnection | undefined;
  let opened: Promise<OpenBridge> | undefined;
  let hostName = '';
  let declared: Pick<HostRequests, 'declares' | 'answers'> = { declares: [], answers: [] };
  let timer: NodeJS.Timeout | undefined;
  const broken = new AbortController();
  const fail = (error: unknown): void => broken.abort(error);
  const notify: Notify = (method, params) => host?.notify(method, params);
  const cache = createBridgeCache(stateDirectory(context), identifyTarget(resolved).fingerprint);
  const description = await readKnownServer(cache, notify);

  /** Methods that the host has declared by the first use of the keeper. */
  function requests(): HostRequests {
    return {
      ...declared,
      ask: (method, params, signal) => host?.ask(method, params, signal) ?? Promise.reject(new Error('No host')),
    };
  }

  function open(): Promise<OpenBridge> {
    if (opened !== undefined) return opened;
    opened = import('./open-bridge.ts').then((it) =>
      it.openBridge(resolved, options, context, { notify, description, host: requests() }),
    );
    opened.then(({ file }) => file.sawHost(hostName)).catch(fail);
    return opened;
  }

  host = serveHost(
    {
      description: description.now,
      modelMayAnswer: options.modelMayAnswer,
      front: async () => (await open()).frontFor(),
      onCapabilities(capabilities, revision) {
        const declares = answeredBy(capabilities);
        declared = { declares, answers: revision === '2025-11-25' ? declares : [] };
      },
      onAnswered(request) {
        hostName = hostNameIn(request) || hostName;
        if (request.method === 'tools/list') void open();
        else timer ??= setTimeout(open, OPEN_MS);
      },
      onFailure: fail,
    },
    context.stdin,
    context.stdout,
  );
  try {
    await Promise.race([host.ended, aborted(AbortSignal.any([context.interrupt, broken.signal]))]);
    broken.signal.throwIfAborted();
  } finally {
    clearTimeout(timer);
    await host.close();
    await (await opened?.catch(() => undefined))?.close();
  }
}
