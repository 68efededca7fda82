/** Results of a fleet run. */
export interface Figures {
  readonly workers: number;
  readonly tasks: number;
  readonly seconds: number;
  readonly polls: number;
  readonly overlaps: number;
  readonly stale: number;
  readonly lost: number;
  readonly doubleAnswers: number;
  readonly repeatedAnswers: number;
  readonly crashes: number;
  /** Number of repeated deliveries of an outcome, after its worker was cut off. */
  readonly deliveredAgain: number;
  readonly takeoversMs: Readonly<Record<string, readonly number[]>>;
  readonly answersMs: readonly number[];
  /** Statements per second of the whole fleet, without faults. */
  readonly statements: number;
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** Delay from saving an answer until the server receives it. */
export function describeAnswers(answersMs: readonly number[]): string {
  const [half, most] = [quantile(answersMs, 0.5), quantile(answersMs, 0.99)];
  return `answers (${answersMs.length}) p50 ${Math.round(half)} ms, p99 ${Math.round(most)} ms`;
}

export function describeFigures(figures: Figures): string {
  const { workers, tasks, seconds, polls, answersMs, takeoversMs, statements } = figures;
  const takeovers = Object.entries(takeoversMs).map(
    ([kind, values]) => `${kind} ${(Math.max(...values) / 1_000).toFixed(1)} s (${values.length})`,
  );
  return [
    `${workers} workers, ${tasks} tasks, ${Math.round(seconds)} s, ${polls} polls`,
    `overlapping ${figures.overlaps}, under an old fence ${figures.stale}, lost ${figures.lost}, ` +
      `double answers ${figures.doubleAnswers}, crashes ${figures.crashes}`,
    `longest takeover after ${takeovers.join(', ')}`,
    `${describeAnswers(answersMs)}, sent again ${figures.repeatedAnswers}`,
    `outcomes delivered again ${figures.deliveredAgain}`,
    `${Math.round(statements)} statements a second`,
  ].join('; ');
}
