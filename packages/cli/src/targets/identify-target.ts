import type { ServerIdentity } from '@mcp-tasks/client';
import { identify } from '@mcp-tasks/client/connect';
import { demoIdentity } from './demo-target.ts';
import type { ResolvedTarget } from './resolved-target.ts';

/** The identity of a target, known before it is contacted. */
export function identifyTarget(resolved: ResolvedTarget): ServerIdentity {
  if (resolved.isDemo) return demoIdentity;
  return identify(resolved.recorded ?? resolved.target, { label: resolved.label });
}
