/** Returns a function that is true at most once per `ms`: limits progress lines in a log. */
export function createThrottle(now: () => number, ms: number): () => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    if (now() - last < ms) return false;
    last = now();
    return true;
  };
}
