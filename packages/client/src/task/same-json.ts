/** Whether two JSON values are equal, in any order of keys; an undefined field counts as absent. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => isSameJson(item, b[index]));
  }
  return isPartOf(a, b) && isPartOf(b, a);
}

function isPartOf(part: object, whole: object): boolean {
  for (const key in part) {
    if (!Object.hasOwn(part, key)) continue;
    const value = (part as Record<string, unknown>)[key];
    const other = Object.hasOwn(whole, key) ? (whole as Record<string, unknown>)[key] : undefined;
    if (!isSameJson(value, other)) return false;
  }
  return true;
}
