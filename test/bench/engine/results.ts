import type { Errand, FiguresOf, HoldErrand, PollErrand } from './errand.ts';
import { measure } from './measure.ts';

/** A measurement with its figures. */
export type Result = { [Kind in Errand['kind']]: ResultOf<Extract<Errand, { readonly kind: Kind }>> }[Errand['kind']];

export interface ResultOf<E extends Errand> {
  readonly errand: E;
  readonly figures: FiguresOf[E['kind']];
}

/** Runs the groups in order; the members of a group run at the same time. */
export async function measureAll(
  node: string,
  groups: readonly (readonly Errand[])[],
  onStart: (errand: Errand) => void = () => undefined,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const group of groups) {
    group.forEach(onStart);
    const measured = group.map(async (errand) => ({ errand, figures: await measure(node, errand) }) as Result);
    results.push(...(await Promise.all(measured)));
  }
  return results;
}

export function resultsOf<Kind extends Errand['kind']>(
  results: readonly Result[],
  kind: Kind,
): readonly ResultOf<Extract<Errand, { readonly kind: Kind }>>[] {
  return results.filter(({ errand }) => errand.kind === kind) as never;
}

/** The parameters shared by all contenders: a table row. */
export function rowOf({ contender: _, ...rest }: PollErrand | HoldErrand): string {
  return JSON.stringify(rest);
}

/** CPU per poll relative to the bare loop's in the same row, and decoding relative to `JSON.parse`. */
export function ratiosOf(results: readonly Result[]): Readonly<Record<string, number>> {
  const polls = resultsOf(results, 'poll');
  const ratios = polls.flatMap(({ errand, figures }) => {
    const bare = polls.find((other) => other.errand.contender === 'bare' && rowOf(other.errand) === rowOf(errand));
    if (bare === undefined || bare.errand === errand) return [];
    return [[`${errand.wire}, ${errand.contender}`, figures.cpuPerPollUs / bare.figures.cpuPerPollUs] as const];
  });
  const decodes = resultsOf(results, 'decode').map(
    ({ figures }) => ['decode over JSON.parse', figures.overParse] as const,
  );
  return Object.fromEntries([...ratios, ...decodes]);
}
