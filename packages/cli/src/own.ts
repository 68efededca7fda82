/** The value under a key that somebody else chose: `constructor` is a key like any other, and not what every object has. */
export function own<T>(dictionary: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return dictionary !== undefined && Object.hasOwn(dictionary, key) ? dictionary[key] : undefined;
}
