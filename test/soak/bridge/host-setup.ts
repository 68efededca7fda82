import { fileURLToPath } from 'node:url';
import type { Chance } from '../chance.ts';

export const HOST = fileURLToPath(new URL('./host-child.ts', import.meta.url));
export const BIN = fileURLToPath(new URL('../../../packages/cli/bin/mcp-tasks.js', import.meta.url));

/** One call that a host must complete, however often the host is killed. */
export interface BridgeCall {
  readonly nonce: string;
  readonly lane: string;
  readonly tool: 'report' | 'release' | 'import';
  readonly args: Readonly<Record<string, unknown>>;
}

export interface HostSetup {
  readonly name: string;
  readonly root: string;
  readonly eventLog: string;
  /** The records folder shared by all hosts. */
  readonly state: string;
  /** Arguments of `mcp-tasks bridge` that name the server, by lane. */
  readonly targets: Readonly<Record<string, readonly string[]>>;
  /** Answers forms without a person, as `codex exec` does. */
  readonly decidesAlone: boolean;
}

export type ToHost = { readonly kind: 'do'; readonly planned: BridgeCall };
export type FromHost = { readonly kind: 'ready' } | { readonly kind: 'done'; readonly nonce: string };

export function planBridgeCall(index: number, lanes: readonly string[], chance: Chance): BridgeCall {
  const nonce = `n${index}`;
  const tool = chance.weighted({ report: 6, release: 3, import: 1 });
  // Each tool includes the nonce in its result.
  const own = tool === 'report' ? { topic: nonce } : tool === 'release' ? { version: nonce } : { file: nonce };
  return { nonce, lane: chance.oneOf(lanes), tool, args: { ...own, soak: nonce } };
}
