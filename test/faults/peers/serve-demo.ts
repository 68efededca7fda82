import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveDemoHttp } from '../../../packages/cli/src/demo/index.ts';
import type { FaultPlan } from '../../soak/fault-plan.ts';
import { type FaultProxy, serveFaultProxy } from '../../soak/fault-proxy.ts';
import { createWireLedger, type WireLedger } from '../../soak/wire-ledger.ts';

export interface WatchedDemo {
  readonly url: string;
  readonly wire: WireLedger;
  stop(): Promise<void>;
}

const NO_FAULTS: FaultPlan['faultFor'] = () => undefined;

/** The demo behind a proxy that records each request and injects faults. */
export async function serveDemo(
  revision: '2026-07-28' | '2025-11-25',
  faultFor: FaultPlan['faultFor'] = NO_FAULTS,
): Promise<WatchedDemo> {
  const demo = await serveDemoHttp({ revision, speed: 0.5 });
  const wire = createWireLedger();
  const faults = { faultFor, calm: () => undefined, counts: {} as FaultPlan['counts'] };
  const proxy: FaultProxy = await serveFaultProxy({
    lane: revision,
    upstream: () => new URL(demo.url),
    faults,
    ledger: wire,
  });
  return {
    url: proxy.url,
    wire,
    async stop() {
      await proxy.stop();
      await demo.stop();
    },
  };
}

export function freshHome(): { readonly home: string; remove(): void } {
  const home = mkdtempSync(join(tmpdir(), 'mcp-tasks-peers-'));
  return { home, remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }) };
}
