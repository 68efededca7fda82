/** Any JSON value. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object; undefined fields are left out on the wire. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** The value as JSON: undefined fields are left out. @throws {TypeError} for a value that JSON cannot hold */
export function jsonOf(value: Readonly<Record<string, unknown>>): JsonObject {
  return JSON.parse(JSON.stringify(value));
}

/** Whether this is an object, no array and not null. Its values are assumed to be JSON. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
