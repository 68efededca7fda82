/** True at most once in this time: a log is no place for every step of a server that counts to a thousand. */
export function everySoOften(now: () => number, ms: number): () => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    if (now() - last < ms) return false;
    last = now();
    return true;
  };
}
