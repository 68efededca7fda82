/** How long hosts let one tool call run, and what they show of a result: seen with the real programs, November 2026. */
interface HostHabits {
  /** Matches `clientInfo.name`. */
  readonly name: RegExp;
  /** How long a call is held, in ms: the host's limit less 15 s. */
  readonly holdMs: number;
  /** The most characters of a result that reach the model. @default no limit of the host's own */
  readonly maxCharacters?: number;
}

const HOSTS: readonly HostHabits[] = [
  // Its own move to the background comes at 120 s; 25,000 tokens of output.
  { name: /^claude-code/i, holdMs: 110_000, maxCharacters: 90_000 },
  { name: /^codex/i, holdMs: 285_000 },
  { name: /^goose/i, holdMs: 285_000 },
  { name: /^gemini/i, holdMs: 570_000, maxCharacters: 40_000 },
  { name: /^opencode/i, holdMs: 50_000 },
  { name: /^(claude-ai|claude-desktop)/i, holdMs: 45_000 },
];

/** A host nobody has measured: most give a call 60 s, and some of them reset it at progress. */
const UNKNOWN_WITH_PROGRESS_MS = 50_000;
const UNKNOWN_MS = 25_000;

/** How long the hosts of one bridge are held: what one of them has shown holds for all of its name. */
export interface HostLimits {
  /** How long to hold a call for this host, in ms. */
  holdOf(clientName: string, hasProgressToken: boolean): number;
  /** A host of this name has given a call up after so long, in ms. */
  learn(clientName: string, cutOffAfterMs: number): void;
}

/** More names than these are forgotten, the first learned first. */
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

/** How much of a result this host shows, in characters. */
export function charactersOf(clientName: string): number {
  return HOSTS.find(({ name }) => name.test(clientName))?.maxCharacters ?? Number.POSITIVE_INFINITY;
}

/** A hold that a host has cut short teaches a shorter one: 5 s less than it allowed, and at least 5 s. */
export function learnHold(cutOffAfterMs: number): number {
  return Math.max(5_000, cutOffAfterMs - 5_000);
}
