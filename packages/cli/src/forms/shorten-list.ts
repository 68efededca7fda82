/** Maximum number of names in one sentence. */
const MAX_NAMES = 10;

/** The first names as text, and the number left out. */
export function shortenList(names: readonly string[]): { readonly text: string; readonly rest: number } {
  const rest = Math.max(0, names.length - MAX_NAMES);
  const shown = names.slice(0, MAX_NAMES).join(', ');
  return { text: rest === 0 ? shown : `${shown} … and ${rest} more`, rest };
}
