/** The value under this key; undefined for a key that is only inherited, such as `constructor`. */
export function own<T>(dictionary: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return dictionary !== undefined && Object.hasOwn(dictionary, key) ? dictionary[key] : undefined;
}

/** A copy with these entries added. Safe for every key: an assignment to `__proto__` would be lost. */
export function withEntries<T>(
  dictionary: Readonly<Record<string, T>>,
  entries: readonly (readonly [string, T])[],
): Readonly<Record<string, T>> {
  return Object.fromEntries([...Object.entries(dictionary), ...entries]);
}
