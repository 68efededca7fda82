import { type Chance, createChance } from './chance.ts';

/** A fault of the proxy in place of passing a request through. */
export type Fault =
  /** Destroys the connection; the server receives nothing. */
  | { readonly kind: 'dropped before' }
  /** The server acts on the request; the connection is destroyed instead of replying. */
  | { readonly kind: 'dropped after' }
  /** Destroys the connection at once; the server receives the request later. */
  | { readonly kind: 'late delivery'; readonly afterMs: number }
  /** The reply breaks off in the middle; a stream breaks after a while. */
  | { readonly kind: 'cut'; readonly afterMs: number }
  | { readonly kind: '502' | '503' }
  /** The server acted on the request, and the gateway timed out. */
  | { readonly kind: '504 after' }
  | { readonly kind: '429'; readonly retryAfter: string }
  | { readonly kind: 'latency'; readonly beforeMs: number; readonly afterMs: number }
  /** Sends nothing for this long, then closes the connection. */
  | { readonly kind: 'hang'; readonly forMs: number }
  /** The server receives the request twice. */
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

/** Methods that may be delivered twice; never within a session, which matches requests by id. */
const TWICE = ['tasks/get', 'tasks/update', 'tasks/cancel', 'tools/call get_build', 'tools/call list_builds'];

export interface FaultPlan {
  /** The fault for this request; `undefined` passes it through. */
  faultFor(method: string, hasSession: boolean): Fault | undefined;
  /** Stops all faults. */
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
