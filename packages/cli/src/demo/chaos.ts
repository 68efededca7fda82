/** Injected faults. Counts are exact, never random, so that tests can rely on them. */
export interface Chaos {
  /** Wait this long before each answer, in ms. */
  readonly latencyMs?: number;
  /** Destroy the connection of every n-th HTTP request, before it has an effect. */
  readonly dropEvery?: number;
  /** Destroy the connection of every n-th HTTP request after it took effect, instead of answering. */
  readonly loseEvery?: number;
  /** Answer every n-th HTTP request with 429 and a Retry-After. */
  readonly throttleEvery?: number;
  /** The Retry-After of a 429 or 503, in seconds. @default 1 */
  readonly retryAfterSeconds?: number;
  /** Answer every n-th HTTP request with 503. */
  readonly unavailableEvery?: number;
  /** Forget every task this long after its creation, in any status, in ms. */
  readonly expireAfterMs?: number;
  /** Acknowledge answers at once, but apply them after this delay, in ms. */
  readonly slowAcknowledgeMs?: number;
  /** Send this in place of every poll hint. */
  readonly pollHint?: unknown;
  /** Put escape sequences and bidi overrides into status messages. */
  readonly escapes?: boolean;
}

const NUMBERS = {
  latency: 'latencyMs',
  drop: 'dropEvery',
  lose: 'loseEvery',
  throttle: 'throttleEvery',
  'retry-after': 'retryAfterSeconds',
  unavailable: 'unavailableEvery',
  expire: 'expireAfterMs',
  'slow-ack': 'slowAcknowledgeMs',
} as const satisfies Record<string, keyof Chaos>;

/** For the help: an example of each setting of `--chaos` and its effect. */
export const CHAOS_HELP: readonly (readonly [example: string, effect: string])[] = [
  ['latency=200', 'wait 200 ms before each answer'],
  ['drop=3', 'cut off every 3rd request before it has an effect (HTTP)'],
  ['lose=3', 'act on every 3rd request, cut it off before the answer (HTTP)'],
  ['throttle=4', 'answer every 4th request with 429 and a Retry-After (HTTP)'],
  ['unavailable=4', 'answer every 4th request with 503 and a Retry-After (HTTP)'],
  ['retry-after=7', 'the Retry-After of those two, in seconds; 1 by default (HTTP)'],
  ['expire=5000', 'forget each task 5000 ms after its creation, in any status'],
  ['slow-ack=3000', 'acknowledge an answer at once, and act on it 3000 ms later'],
  ['poll=-5', 'send this as every poll hint; any JSON: null, 1e12, "soon"'],
  ['escapes', 'put escape sequences and bidi overrides into status messages'],
];

/** Settings that act on an HTTP connection; stdio has only one. */
const OVER_HTTP_ONLY = ['drop', 'lose', 'throttle', 'unavailable', 'retry-after'] as const;

/** Names of the given settings that need HTTP. */
export function needsHttp(chaos: Chaos): readonly string[] {
  return OVER_HTTP_ONLY.filter((setting) => chaos[NUMBERS[setting]] !== undefined);
}

export type ParsedChaos =
  | { readonly ok: true; readonly chaos: Chaos }
  | { readonly ok: false; readonly message: string };

/** Reads `latency=200,throttle=4,escapes`. */
export function parseChaos(text: string): ParsedChaos {
  const chaos: Record<string, unknown> = {};
  for (const part of text.split(',').filter((part) => part.trim() !== '')) {
    const [name = '', value] = part.trim().split(/=(.*)/s);
    if (name === 'escapes' && value === undefined) {
      chaos.escapes = true;
    } else if (name === 'poll' && value !== undefined) {
      chaos.pollHint = parseHint(value);
    } else if (Object.hasOwn(NUMBERS, name)) {
      const number = Number(value);
      if (value === undefined || !Number.isFinite(number) || number < 0) {
        return { ok: false, message: `"${name}" needs a number, for example ${name}=5` };
      }
      chaos[NUMBERS[name as keyof typeof NUMBERS]] = number;
    } else {
      const known = CHAOS_HELP.map(([setting]) => setting.split('=')[0]).join(', ');
      return { ok: false, message: `"${part.trim()}" is no setting of chaos; there are ${known}` };
    }
  }
  return { ok: true, chaos };
}

function parseHint(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
