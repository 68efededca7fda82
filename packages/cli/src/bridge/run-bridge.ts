import { aborted } from '../aborted.ts';
import type { Context } from '../context.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';
import { type BridgeOptions, openBridge } from './open-bridge.ts';
import { type HostLine, serveHost } from './serve-host.ts';

/** Serves a host over stdio until it disconnects. */
export async function runFront(resolved: ResolvedTarget, options: BridgeOptions, context: Context): Promise<void> {
  let host: HostLine | undefined;
  const bridge = await openBridge(resolved, options, context, (method, params) => host?.notify(method, params));
  try {
    host = await serveHost(bridge.frontFor(), context.stdin, context.stdout);
    await Promise.race([host.ended, aborted(context.interrupt)]);
    await host.close();
  } finally {
    await bridge.close();
  }
}
