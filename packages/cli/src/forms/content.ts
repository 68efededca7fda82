import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-tasks/client';
import { createForm } from './create-form.ts';
import type { Form, JsonForm } from './field.ts';

export interface PlacedValue {
  readonly path: readonly string[];
  readonly value: JsonValue | undefined;
}

/** Builds content from values and their paths; undefined values are omitted. */
export function placeValues(values: readonly PlacedValue[]): JsonObject {
  const groups = new Map<string, PlacedValue[]>();
  for (const { path, value } of values) {
    const [name, ...rest] = path;
    if (name === undefined || value === undefined) continue;
    groups.set(name, [...(groups.get(name) ?? []), { path: rest, value }]);
  }
  // `fromEntries` defines properties, so a field named `__proto__` is an ordinary field.
  return Object.fromEntries(
    [...groups].map(([name, inside]) => {
      const whole = inside.findLast((each) => each.path.length === 0);
      const parts = inside.filter((each) => each.path.length > 0);
      if (parts.length === 0) return [name, whole?.value];
      return [name, { ...(isJsonObject(whole?.value) ? whole.value : {}), ...placeValues(parts) }];
    }),
  );
}

/** Initial content of a form: the schema's defaults. */
export function defaultContent(schema: JsonObject, form: Form | JsonForm = createForm(schema)): JsonObject {
  if (form.kind === 'json') return isJsonObject(schema.default) ? schema.default : {};
  return placeValues(form.fields.map((field) => ({ path: field.path, value: field.default })));
}
