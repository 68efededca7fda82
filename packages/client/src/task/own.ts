/** The value under a key that somebody else chose: `constructor` is a key like any other, and not what every object has. */
export function own<T>(dictionary: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return dictionary !== undefined && Object.hasOwn(dictionary, key) ? dictionary[key] : undefined;
}

/** A copy with these entries put in; safe for every key, where an assignment to `__proto__` would be lost. */
export function withEntries<T>(
  dictionary: Readonly<Record<string, T>>,
  entries: readonly (readonly [string, T])[],
): Readonly<Record<string, T>> {
  return Object.fromEntries([...Object.entries(dictionary), ...entries]);
}
