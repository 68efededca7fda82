/** Maximum number of names in one sentence. */
const MOST = 10;

/** The first names as text, and the number left out. */
export function fewOf(names: readonly string[]): { readonly text: string; readonly rest: number } {
  const rest = Math.max(0, names.length - MOST);
  const shown = names.slice(0, MOST).join(', ');
  return { text: rest === 0 ? shown : `${shown} … and ${rest} more`, rest };
}
