import type { TaskRecord } from '@mcp-tasks/client';
import { createChance } from './chance.ts';

export const LANES = [
  '2026-07-28 http',
  '2025-11-25 http',
  '2026-07-28 stdio',
  '2025-11-25 stdio',
  'a2a http',
  'jobs http',
] as const;
export type Lane = (typeof LANES)[number];

export function laneOf({ revision, server, protocol }: TaskRecord): Lane {
  if (protocol === 'a2a' || protocol === 'jobs') return `${protocol} http`;
  return `${revision} ${server.target.kind === 'url' ? 'http' : 'stdio'}` as Lane;
}

/** One call to make. Its nonce is in the arguments, to search all logs for it. */
export interface PlannedCall {
  readonly nonce: string;
  readonly lane: Lane;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const SHARES = {
  '2026-07-28 http': 44,
  '2025-11-25 http': 36,
  '2026-07-28 stdio': 10,
  '2025-11-25 stdio': 10,
  'a2a http': 20,
  'jobs http': 30,
};
/** Commands for an agent, and for a build server. */
const COMMANDS = { work: 4, ask: 5, fail: 1 };
const JOB_COMMANDS = { ...COMMANDS, slow: 10 };
const TOOLS = {
  hello: 4,
  report: 20,
  import: 8,
  check: 6,
  batch: 14,
  'batch-pinned': 6,
  'large-result': 4,
  release: 16,
  survey: 10,
  'confirm-first': 8,
  mischief: 8,
};

const CANCELLED_SHARE = 0.5;

/** Whether this call's task may be cancelled and will be. */
export function isToBeCancelled(seed: number, nonce: string, tool: string): boolean {
  if (!['batch', 'batch-pinned', 'release', 'send', 'build'].includes(tool)) return false;
  return createChance(seed, `cancel ${nonce}`).hits(
    ['release', 'send', 'build'].includes(tool) ? 0.1 : CANCELLED_SHARE,
  );
}

export function planCalls(seed: number, count: number): readonly PlannedCall[] {
  const chance = createChance(seed, 'errands');
  return Array.from({ length: count }, (_, index) => {
    const lane = chance.weighted(SHARES);
    if (lane === 'a2a http') {
      const args = { text: chance.weighted(COMMANDS), soak: `n${index + 1}` };
      return { nonce: `n${index + 1}`, lane, tool: 'send', args };
    }
    if (lane === 'jobs http') {
      const args = { command: chance.weighted(JOB_COMMANDS), soak: `n${index + 1}` };
      return { nonce: `n${index + 1}`, lane, tool: 'build', args };
    }
    const tool = chance.weighted(TOOLS);
    return { nonce: `n${index + 1}`, lane, tool, args: { ...argumentsOf(tool), soak: `n${index + 1}` } };
  });

  function argumentsOf(tool: string): Readonly<Record<string, unknown>> {
    switch (tool) {
      case 'batch':
      case 'batch-pinned':
        return { items: Math.round(chance.between(2, 14)) };
      case 'large-result':
        return { kilobytes: Math.round(chance.between(16, 256)) };
      case 'mischief':
        return chance.oneOf([
          { ask: true, slowAcknowledgeMs: 1500 },
          { seconds: 2, pollHint: 'soon' },
          { seconds: 2, pollHint: 0 },
          { ask: true, ttlMs: null },
        ]);
      default:
        return {};
    }
  }
}
