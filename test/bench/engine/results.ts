import { measure } from './measure.ts';
import type { FiguresOf, HoldMeasurement, Measurement, PollMeasurement } from './measurement.ts';

/** A measurement with its figures. */
export type Result = {
  [Kind in Measurement['kind']]: ResultOf<Extract<Measurement, { readonly kind: Kind }>>;
}[Measurement['kind']];

export interface ResultOf<E extends Measurement> {
  readonly measurement: E;
  readonly figures: FiguresOf[E['kind']];
}

/** Runs the groups in order; the members of a group run at the same time. */
export async function measureAll(
  node: string,
  groups: readonly (readonly Measurement[])[],
  onStart: (measurement: Measurement) => void = () => undefined,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const group of groups) {
    group.forEach(onStart);
    const measured = group.map(
      async (measurement) => ({ measurement, figures: await measure(node, measurement) }) as Result,
    );
    results.push(...(await Promise.all(measured)));
  }
  return results;
}

export function resultsOf<Kind extends Measurement['kind']>(
  results: readonly Result[],
  kind: Kind,
): readonly ResultOf<Extract<Measurement, { readonly kind: Kind }>>[] {
  return results.filter(({ measurement }) => measurement.kind === kind) as never;
}

/** The parameters shared by all contenders: a table row. */
export function rowOf({ contender: _, ...rest }: PollMeasurement | HoldMeasurement): string {
  return JSON.stringify(rest);
}

/** CPU per poll relative to the bare loop's in the same row, and decoding relative to `JSON.parse`. */
export function ratiosOf(results: readonly Result[]): Readonly<Record<string, number>> {
  const polls = resultsOf(results, 'poll');
  const ratios = polls.flatMap(({ measurement, figures }) => {
    const bare = polls.find(
      (other) => other.measurement.contender === 'bare' && rowOf(other.measurement) === rowOf(measurement),
    );
    if (bare === undefined || bare.measurement === measurement) return [];
    return [
      [`${measurement.wire}, ${measurement.contender}`, figures.cpuPerPollUs / bare.figures.cpuPerPollUs] as const,
    ];
  });
  const decodes = resultsOf(results, 'decode').map(
    ({ figures }) => ['decode over JSON.parse', figures.overParse] as const,
  );
  return Object.fromEntries([...ratios, ...decodes]);
}
