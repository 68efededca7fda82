/** Whatever JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** An object of JSON; a field that is undefined is left out on the wire. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** What JSON makes of it: fields that are undefined are left out. @throws {TypeError} for what JSON cannot hold */
export function jsonOf(value: Readonly<Record<string, unknown>>): JsonObject {
  return JSON.parse(JSON.stringify(value));
}

/** Whether this is an object, no array and not null. Its values are taken to be JSON. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
