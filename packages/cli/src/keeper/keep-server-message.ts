import type { KeeperPlace } from '@mcp-tasks/client/keeper';
import type { ErrorReport } from '../display/error-report.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';

/** Which server to keep, and where to listen for fronts. */
export interface KeepRequest {
  readonly resolved: ResolvedTarget;
  readonly place: KeeperPlace;
}

/** `keeps`: a keeper listens now, this one or another that was faster. */
export type KeepReply = { readonly kind: 'keeps' } | { readonly kind: 'failed'; readonly report: ErrorReport };
