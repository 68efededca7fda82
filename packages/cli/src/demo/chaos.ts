/** What the demo does wrong on purpose. Counts are exact, never random, so that tests can rely on them. */
export interface Chaos {
  /** Wait this long before each answer, in ms. */
  readonly latencyMs?: number;
  /** Destroy the connection of every n-th HTTP request, before it is read. */
  readonly dropEvery?: number;
  /** Answer every n-th HTTP request with 429 and a Retry-After. */
  readonly throttleEvery?: number;
  /** The Retry-After of a 429 or 503, in seconds. @default 1 */
  readonly retryAfterSeconds?: number;
  /** Answer every n-th HTTP request with 503. */
  readonly unavailableEvery?: number;
  /** Forget every task this long after its creation, whatever it is doing, in ms. */
  readonly expireAfterMs?: number;
  /** Acknowledge answers at once, but act on them only after this long, in ms. */
  readonly slowAcknowledgeMs?: number;
  /** Send this in place of every poll hint. */
  readonly pollHint?: unknown;
  /** Put escape sequences and bidi overrides into status messages. */
  readonly escapes?: boolean;
}

const NUMBERS = {
  latency: 'latencyMs',
  drop: 'dropEvery',
  throttle: 'throttleEvery',
  'retry-after': 'retryAfterSeconds',
  unavailable: 'unavailableEvery',
  expire: 'expireAfterMs',
  'slow-ack': 'slowAcknowledgeMs',
} as const satisfies Record<string, keyof Chaos>;

/** One line per setting of `--chaos`, for the help. */
export const CHAOS_HELP: readonly (readonly [setting: string, effect: string])[] = [
  ['latency=MS', 'wait before each answer'],
  ['drop=N', 'drop the connection of every N-th request'],
  ['throttle=N', 'answer every N-th request with 429'],
  ['unavailable=N', 'answer every N-th request with 503'],
  ['retry-after=S', 'the Retry-After of those two'],
  ['expire=MS', 'forget each task so long after its creation'],
  ['slow-ack=MS', 'act on an answer only after so long'],
  ['poll=JSON', 'send this as every poll hint'],
  ['escapes', 'put escape sequences into status messages'],
];

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
