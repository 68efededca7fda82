import type { Target } from '@mcp-tasks/client';
import { Command } from 'commander';
import { type Bridges, listBridges } from '../../bridge/list-bridges.ts';
import type { Context } from '../../context.ts';
import { formatDuration } from '../../display/duration.ts';
import { commandToPaste } from '../../display/quote-command.ts';
import { openStore } from '../../session/open-store.ts';
import { identifyTarget } from '../../targets/identify-target.ts';
import { resolveTarget, type TargetWords } from '../../targets/resolve-target.ts';
import type { ResolvedTarget } from '../../targets/resolved-target.ts';
import { declareBridge } from '../bridge/declare-bridge.ts';
import type { Finding } from './finding.ts';

/** A bridge of mcp-tasks, and the server behind it. */
interface Bridged {
  readonly resolved: ResolvedTarget;
  /** Context with the state directory of the bridge. */
  readonly context: Context;
}

/** Checks the bridges of a target, or of the server behind a target that is a bridge. Empty when no host has one. */
export async function examineBridge(target: ResolvedTarget, outer: Context): Promise<readonly Finding[]> {
  const bridged = await bridgedBy(target.target, outer);
  const { resolved, context } = bridged ?? { resolved: target, context: outer };
  const { store } = await openStore(context, () => undefined);
  try {
    const state = findingsOf(await listBridges(store, context, identifyTarget(resolved).fingerprint));
    if (bridged === undefined) return state;
    const words = commandToPaste(resolved.words);
    const hint = `Its server alone: mcp-tasks doctor ${words}`;
    return [{ check: 'bridge', state: 'ok', detail: `this is a bridge of ${words}`, hint }, ...state];
  } finally {
    await store.close();
  }
}

function findingsOf({ fronts, keepers, open, undelivered, limits }: Bridges): readonly Finding[] {
  if (fronts.length + keepers.length + open.length + undelivered.length === 0) return [];
  const hosts = [...new Set(fronts.flatMap((front) => front.hosts))];
  const held = fronts.reduce((sum, front) => sum + front.held, 0);
  const learned = limits.filter(({ host }) => hosts.includes(host));
  const parts = [
    fronts.length === 0
      ? 'no host has it open'
      : `${countText(fronts.length, 'front')} (${hosts.join(', ') || 'no host yet'})`,
    keepers.length === 0 ? 'no keeper' : `keeper ${keepers.map(({ hello }) => hello.pid).join(', ')}`,
    `${countText(held, 'call')} held`,
    `${open.length} open`,
    `${undelivered.length} not delivered`,
    ...learned.map(({ host, holdMs }) => `${host} is held ${formatDuration(holdMs)}, learned`),
  ];
  return [{ check: 'bridge', state: 'ok', detail: parts.join('; '), hint: 'See all: mcp-tasks bridge status' }];
}

function countText(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

async function bridgedBy(target: Target, outer: Context): Promise<Bridged | undefined> {
  const words = target.kind === 'command' ? wordsAfterBridge([target.command, ...target.args]) : undefined;
  if (words === undefined) return undefined;
  const { inner, home } = targetIn(words, outer);
  const context = home === undefined ? outer : { ...outer, env: { ...outer.env, MCP_TASKS_HOME: home } };
  const resolved = await resolveTarget(inner, {}, context).catch(() => undefined);
  return resolved && { resolved, context };
}

/** Words after `bridge`; undefined for a command that does not start a bridge of mcp-tasks. */
function wordsAfterBridge(words: readonly string[]): readonly string[] | undefined {
  const at = words.indexOf('bridge');
  return /(^|[\\/])mcp-tasks(\.js|\.cmd)?$/.test(words[at - 1] ?? '') ? words.slice(at + 1) : undefined;
}

/** Parses the target and the state directory from a bridge's words, with the bridge's own flags. */
function targetIn(words: readonly string[], context: Context): { readonly inner: TargetWords; readonly home?: string } {
  const dashes = words.indexOf('--');
  const program = new Command();
  declareBridge(program, { context, command: undefined, finish: () => undefined });
  const [bridge = program] = program.commands;
  const { operands } = bridge.parseOptions([...(dashes === -1 ? words : words.slice(0, dashes))]);
  const { home } = bridge.opts<{ readonly home?: string }>();
  const inner = dashes === -1 ? { text: operands[0] } : { command: words.slice(dashes + 1) };
  return { inner, ...(home === undefined ? {} : { home }) };
}
