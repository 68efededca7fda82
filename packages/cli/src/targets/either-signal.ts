/** Controllers that follow a lasting signal; weak, so that an unused one is collected. */
type Followers = Set<WeakRef<AbortController>>;

const followers = new WeakMap<AbortSignal, Followers>();
const gone = new FinalizationRegistry<readonly [Followers, WeakRef<AbortController>]>(([all, one]) => all.delete(one));

function followersOf(lasting: AbortSignal): Followers {
  const known = followers.get(lasting);
  if (known !== undefined) return known;
  const made: Followers = new Set();
  followers.set(lasting, made);
  lasting.addEventListener('abort', () => {
    for (const one of made) one.deref()?.abort(lasting.reason);
  });
  return made;
}

/**
 * Aborts when either signal does, like `AbortSignal.any`, without its leak: the platform keeps memory of each derived
 * signal until the lasting one ends (a connection's signal sees every poll of a day).
 */
export function eitherSignal(lasting: AbortSignal, brief: AbortSignal): AbortSignal {
  const either = new AbortController();
  const first = [lasting, brief].find(({ aborted }) => aborted);
  if (first !== undefined) {
    either.abort(first.reason);
    return either.signal;
  }
  // The listener keeps the controller alive as long as the brief signal.
  brief.addEventListener('abort', () => either.abort(brief.reason));
  const all = followersOf(lasting);
  const one = new WeakRef(either);
  all.add(one);
  gone.register(either, [all, one]);
  return either.signal;
}

/** Replaces `AbortSignal` in the bundled SDK, which joins the signal of its transport with that of each request. */
export class EitherSignal extends AbortSignal {
  static override any(signals: AbortSignal[]): AbortSignal {
    const [lasting, brief, more] = signals;
    if (lasting === undefined || brief === undefined || more !== undefined) return AbortSignal.any(signals);
    return eitherSignal(lasting, brief);
  }
}
