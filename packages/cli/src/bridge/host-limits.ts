import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isJsonObject } from '@mcp-tasks/client';

/** Call timeouts of hosts and the size of a result they show; measured with the real programs, November 2026. */
interface HostHabits {
  /** Matched against `clientInfo.name`. */
  readonly name: RegExp;
  /** Hold time of a call, in ms: the host's timeout less 15 s. */
  readonly holdMs: number;
  /** Limit of result characters that reach the model. @default unlimited */
  readonly maxCharacters?: number;
}

const HOSTS: readonly HostHabits[] = [
  // Claude Code moves a call to the background at 120 s; it shows 25,000 tokens of output.
  { name: /^claude-code/i, holdMs: 110_000, maxCharacters: 90_000 },
  { name: /^codex/i, holdMs: 285_000 },
  { name: /^goose/i, holdMs: 285_000 },
  { name: /^gemini/i, holdMs: 570_000, maxCharacters: 40_000 },
  { name: /^opencode/i, holdMs: 50_000 },
  { name: /^(claude-ai|claude-desktop)/i, holdMs: 45_000 },
];

/** An unmeasured host: most time out after 60 s, and some reset the timeout on progress. */
const UNKNOWN_WITH_PROGRESS_MS = 50_000;
const UNKNOWN_MS = 25_000;

/** Hold times for the hosts of one bridge. A learned limit applies to all hosts of that name. */
export interface HostLimits {
  /** How long to hold a call for this host, in ms. */
  holdOf(clientName: string, hasProgressToken: boolean): number;
  /** Learns that a host of this name gave a call up after this time, in ms. */
  learn(clientName: string, cutOffAfterMs: number): void;
}

/** Limit of learned names; the oldest is forgotten first. */
const MAX_NAMES = 100;

/** A learned limit expires after a week: the host may have given up because a person pressed Esc. */
const LEARNED_FOR_MS = 7 * 86_400_000;

interface LearnedHold {
  readonly holdMs: number;
  readonly at: number;
}

type Learned = Map<string, LearnedHold>;

/** A learned limit that still applies. */
export interface LearnedLimit extends LearnedHold {
  /** `clientInfo.name` of the host. */
  readonly host: string;
}

export function learnedLimitsFile(stateDirectory: string): string {
  return join(stateDirectory, 'bridge', 'learned-holds.json');
}

/** The learned limits that still apply, the newest first. */
export function learnedLimits(file: string, now: number): readonly LearnedLimit[] {
  return [...readLearned(file)]
    .map(([host, learned]) => ({ host, ...learned }))
    .filter(({ at }) => Math.abs(now - at) < LEARNED_FOR_MS)
    .sort((a, b) => b.at - a.at);
}

/** Learned limits are kept in the file, which all bridges of a person share. */
export function createHostLimits({ file, now }: { readonly file: string; readonly now: () => number }): HostLimits {
  let learned = readLearned(file);
  return {
    holdOf(clientName, hasProgressToken) {
      const known = learned.get(clientName);
      if (known !== undefined && Math.abs(now() - known.at) < LEARNED_FOR_MS) return known.holdMs;
      return holdOf(clientName, hasProgressToken);
    },
    learn(clientName, cutOffAfterMs) {
      learned = new Map([...learned, ...readLearned(file)]); // another bridge may have written meanwhile
      learned.delete(clientName);
      learned.set(clientName, { holdMs: learnHold(cutOffAfterMs), at: now() });
      const [oldest] = learned.keys();
      if (learned.size > MAX_NAMES && oldest !== undefined) learned.delete(oldest);
      writeLearned(file, learned);
    },
  };
}

/** Empty when the file is missing or unreadable: limits are then learned again. */
function readLearned(file: string): Learned {
  try {
    const saved: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!isJsonObject(saved) || saved.version !== 1 || !Array.isArray(saved.holds)) return new Map();
    return new Map(saved.holds.filter(isLearned));
  } catch {
    return new Map();
  }
}

/** Validates without a schema library: a front over stdio loads none before its first call. */
function isLearned(entry: unknown): entry is [string, LearnedHold] {
  if (!Array.isArray(entry) || typeof entry[0] !== 'string' || !isJsonObject(entry[1])) return false;
  const { holdMs, at } = entry[1];
  return typeof holdMs === 'number' && holdMs > 0 && typeof at === 'number';
}

function writeLearned(file: string, learned: Learned): void {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, JSON.stringify({ version: 1, holds: [...learned] }), { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    // The disk is full: the limit applies until this bridge ends.
  }
}

/** How long to hold a call for this host, in ms. */
export function holdOf(clientName: string, hasProgressToken: boolean): number {
  const known = HOSTS.find(({ name }) => name.test(clientName));
  if (known !== undefined) return known.holdMs;
  return hasProgressToken ? UNKNOWN_WITH_PROGRESS_MS : UNKNOWN_MS;
}

/** Size of a result that this host shows, in characters. */
export function charactersOf(clientName: string): number {
  return HOSTS.find(({ name }) => name.test(clientName))?.maxCharacters ?? Number.POSITIVE_INFINITY;
}

/** The hold time after a host gave up: 5 s less than that, at least 5 s. */
export function learnHold(cutOffAfterMs: number): number {
  return Math.max(5_000, cutOffAfterMs - 5_000);
}
