import { type Chance, createChance } from './chance.ts';

/** What a proxy does to one request instead of passing it through. */
export type Fault =
  /** The connection is destroyed; the server hears nothing. */
  | { readonly kind: 'dropped before' }
  /** The server acts on it; the connection is destroyed in place of the answer. */
  | { readonly kind: 'dropped after' }
  /** The connection is destroyed at once; the server hears of it only later. */
  | { readonly kind: 'late delivery'; readonly afterMs: number }
  /** The answer breaks off in the middle; a stream breaks after a while. */
  | { readonly kind: 'cut'; readonly afterMs: number }
  | { readonly kind: '502' | '503' }
  /** The server acted on it, and the gateway lost patience. */
  | { readonly kind: '504 after' }
  | { readonly kind: '429'; readonly retryAfter: string }
  | { readonly kind: 'latency'; readonly beforeMs: number; readonly afterMs: number }
  /** Nothing comes for so long, then the connection ends. */
  | { readonly kind: 'hang'; readonly forMs: number }
  /** The server gets it twice. */
  | { readonly kind: 'delivered twice' };

export type FaultKind = Fault['kind'];

const WEIGHTS: Readonly<Record<FaultKind, number>> = {
  'dropped before': 14,
  'dropped after': 14,
  'late delivery': 6,
  cut: 12,
  '502': 8,
  '503': 10,
  '504 after': 6,
  '429': 10,
  latency: 30,
  hang: 3,
  'delivered twice': 20,
};

/** Only what may be asked twice is delivered twice, and never within a session, which tells requests by their ids. */
const TWICE = ['tasks/get', 'tasks/update', 'tasks/cancel', 'tools/call get_build'];

export interface FaultPlan {
  /** What to do to this request; undefined passes it through. */
  faultFor(method: string, hasSession: boolean): Fault | undefined;
  /** From now on everything passes. */
  calm(): void;
  readonly counts: Readonly<Record<FaultKind, number>>;
}

export function createFaultPlan(seed: number, name: string, share: number): FaultPlan {
  const chance = createChance(seed, `faults ${name}`);
  const counts = Object.fromEntries(Object.keys(WEIGHTS).map((kind) => [kind, 0])) as Record<FaultKind, number>;
  let isCalm = false;
  return {
    counts,
    calm() {
      isCalm = true;
    },
    faultFor(method, hasSession) {
      if (isCalm || !chance.hits(share)) return undefined;
      const kind = chance.weighted(WEIGHTS);
      if (kind === 'delivered twice' && (hasSession || !TWICE.includes(method))) return undefined;
      counts[kind] += 1;
      return faultOf(kind, chance);
    },
  };
}

function faultOf(kind: FaultKind, chance: Chance): Fault {
  switch (kind) {
    case 'late delivery':
      return { kind, afterMs: chance.between(200, 3000) };
    case 'cut':
      return { kind, afterMs: chance.between(300, 6000) };
    case '429': {
      const seconds = chance.oneOf([1, 2]);
      const date = new Date(Date.now() + (seconds + 1) * 1000).toUTCString();
      return { kind, retryAfter: chance.hits(0.5) ? String(seconds) : date };
    }
    case 'latency':
      return { kind, beforeMs: chance.between(0, 800), afterMs: chance.hits(0.3) ? chance.between(0, 4000) : 0 };
    case 'hang':
      return { kind, forMs: chance.hits(0.2) ? 33_000 : chance.between(3_000, 12_000) };
    default:
      return { kind };
  }
}
