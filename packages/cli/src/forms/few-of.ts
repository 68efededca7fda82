/** More than these are nothing to read in one sentence. */
const MOST = 10;

/** The first of them in words, and how many were left out. */
export function fewOf(names: readonly string[]): { readonly text: string; readonly rest: number } {
  const rest = Math.max(0, names.length - MOST);
  const shown = names.slice(0, MOST).join(', ');
  return { text: rest === 0 ? shown : `${shown} … and ${rest} more`, rest };
}
