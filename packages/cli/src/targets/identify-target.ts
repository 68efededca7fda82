import type { ServerIdentity } from '@mcp-tasks/client';
import { identify } from '@mcp-tasks/client/connect';
import { demoIdentity } from './demo-target.ts';
import type { ResolvedTarget } from './resolved-target.ts';

/** Who a target is, before anything is asked of it. */
export function identifyTarget(resolved: ResolvedTarget): ServerIdentity {
  if (resolved.isDemo) return demoIdentity;
  return identify(resolved.recorded ?? resolved.target, { label: resolved.label });
}
