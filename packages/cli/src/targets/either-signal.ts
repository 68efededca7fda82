/** What follows a lasting signal, for as long as anybody else has it. */
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
 * Aborts with the first of both, as `AbortSignal.any` does. Of each signal from there the platform keeps something for
 * as long as the lasting one lives: that of a connection, say, which sees every poll of a day.
 */
export function eitherSignal(lasting: AbortSignal, brief: AbortSignal): AbortSignal {
  const either = new AbortController();
  const first = [lasting, brief].find(({ aborted }) => aborted);
  if (first !== undefined) {
    either.abort(first.reason);
    return either.signal;
  }
  // Whoever has the brief signal has the controller with it.
  brief.addEventListener('abort', () => either.abort(brief.reason));
  const all = followersOf(lasting);
  const one = new WeakRef(either);
  all.add(one);
  gone.register(either, [all, one]);
  return either.signal;
}
