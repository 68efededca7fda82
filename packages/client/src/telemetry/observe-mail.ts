import { metrics } from '@opentelemetry/api';
import type { ObserveOptions } from './observe-store.ts';

/**
 * Measures the age of mail when its owner receives it, as `mcp_tasks.mail.latency`.
 *
 * @example
 * import { openPostgresStore } from '@mcp-tasks/client/postgres-store';
 * import { observeMail } from '@mcp-tasks/client/telemetry';
 * import { Pool } from 'pg';
 *
 * const store = await openPostgresStore({ pool: new Pool(), onMailTaken: observeMail() });
 */
export function observeMail({
  meter = metrics.getMeter('mcp-tasks'),
}: ObserveOptions = {}): (latencyMs: number) => void {
  const latency = meter.createHistogram('mcp_tasks.mail.latency', { unit: 'ms' });
  return (latencyMs) => latency.record(latencyMs);
}
