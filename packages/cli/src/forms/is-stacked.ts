import type { Field } from './field.ts';

/** What two columns of signs and two of a gap take beside each option's title. */
const AROUND = 6;
/** Fits beside the field's own mark on a terminal of forty columns. */
const SIDE_BY_SIDE = 36;

/** More rows of options than this are a list to scroll; PgUp and PgDn go by as many. */
export const MOST_OPTION_ROWS = 8;

/** Whether the options stand one below the other, so that up and down move among them. */
export function isStacked(field: Field): boolean {
  return field.options.reduce((sum, { title }) => sum + title.length + AROUND, -2) > SIDE_BY_SIDE;
}
