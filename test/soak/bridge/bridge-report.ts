import { BRIDGE_ZEROS, type BridgeLedgers, type BridgeZero } from './audit-bridge.ts';
import type { BridgeEntry } from './event-log.ts';

const SHOWN = 8;

export interface BridgeFigures {
  readonly seed: number;
  readonly tookMs: number;
  readonly ledgers: BridgeLedgers;
  readonly findings: Readonly<Record<BridgeZero, readonly string[]>>;
  readonly strikes: Readonly<Record<string, number>>;
}

function row(name: string, value: number): string {
  return `  ${name.padEnd(42)} ${value.toLocaleString('en').padStart(9)}`;
}

export function renderBridgeReport({ seed, tookMs, ledgers, findings, strikes }: BridgeFigures): string {
  const { plannedCalls, tasks, eventLog } = ledgers;
  const count = (kind: BridgeEntry['kind']): number => eventLog.filter((entry) => entry.kind === kind).length;
  const lines = [
    `Soak of bridges: hosts call while fronts, keepers, servers and hosts are killed -9; seed ${seed}, ${(tookMs / 60_000).toFixed(1)} minutes`,
    '',
    ...Object.entries(strikes).map(([victim, times]) => row(`killed: ${victim}`, times)),
    row('calls to make', plannedCalls.length),
    row('calls made by hosts, repeats included', count('calling')),
    row('calls cut off', count('cut')),
    row('tasks created by the servers', tasks.length),
    row('results received by hosts', count('got')),
    row('calls reported as unknown', count('unknown')),
    row('questions decided by a host alone', count('decided alone')),
    row('answers by the person', count('answering')),
    '',
    ...BRIDGE_ZEROS.map((zero) => row(zero, findings[zero].length)),
  ];
  const found = BRIDGE_ZEROS.flatMap((zero) => findings[zero].slice(0, SHOWN).map((each) => `${zero}: ${each}`));
  return [...lines, ...(found.length === 0 ? [] : ['', ...found])].join('\n');
}

export function hasFound({ findings }: BridgeFigures): boolean {
  return BRIDGE_ZEROS.some((zero) => findings[zero].length > 0);
}
