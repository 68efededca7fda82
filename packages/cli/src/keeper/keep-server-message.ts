import type { KeeperPlace } from '@mcp-tasks/client/keeper';
import type { ErrorReport } from '../display/error-report.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';

/** Which server to keep, and where to listen for fronts. */
export interface KeepRequest {
  readonly resolved: ResolvedTarget;
  readonly place: KeeperPlace;
  /** A server that dies is started `once` more, or `always`, ever more slowly. */
  readonly restart: 'once' | 'always';
  /** Jobs that a project maps count although they are not confirmed. */
  readonly allowProject?: boolean | undefined;
}

/** `keeps`: a keeper listens now, this one or another that was faster. */
export type KeepReply = { readonly kind: 'keeps' } | { readonly kind: 'failed'; readonly report: ErrorReport };
