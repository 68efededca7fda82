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

/** Hold times for the hosts of one bridge. A learned limit counts for all hosts of that name. */
export interface HostLimits {
  /** How long to hold a call for this host, in ms. */
  holdOf(clientName: string, hasProgressToken: boolean): number;
  /** Learns that a host of this name gave a call up after this time, in ms. */
  learn(clientName: string, cutOffAfterMs: number): void;
}

/** Limit of learned names; the oldest is forgotten first. */
const MAX_NAMES = 100;

export function createHostLimits(): HostLimits {
  const learned = new Map<string, number>();
  return {
    holdOf: (clientName, hasProgressToken) => learned.get(clientName) ?? holdOf(clientName, hasProgressToken),
    learn(clientName, cutOffAfterMs) {
      learned.delete(clientName);
      learned.set(clientName, learnHold(cutOffAfterMs));
      const [oldest] = learned.keys();
      if (learned.size > MAX_NAMES && oldest !== undefined) learned.delete(oldest);
    },
  };
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
