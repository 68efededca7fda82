import type { Field } from './field.ts';

/** Columns beside each option's title: four for its box, two for the gap to the next option. */
const OPTION_PADDING = 6;
/** Maximum width of options side by side: fits beside the field's mark on a 40-column terminal. */
const MAX_ROW_WIDTH = 36;

/** Maximum rows of options; a longer list scrolls, by as many rows per PgUp and PgDn. */
export const MAX_OPTION_ROWS = 8;

/** True if the options are listed vertically, so that the up and down keys move among them. */
export function isStacked(field: Field): boolean {
  return field.options.reduce((sum, { title }) => sum + title.length + OPTION_PADDING, -2) > MAX_ROW_WIDTH;
}
