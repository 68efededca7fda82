import type { JsonObject, JsonValue } from '@mcp-tasks/client';

export type FieldType = 'string' | 'number' | 'integer' | 'boolean' | 'choice' | 'multi-choice' | 'json';

export interface FieldOption {
  readonly value: JsonValue;
  readonly title: string;
}

/** One line of a form. Texts are the server's own: make them safe before they are shown. */
export interface Field {
  /** Where the value goes in the content; empty for a form that is one JSON document. */
  readonly path: readonly string[];
  /** The path for people, `a.b`; what `--arg` and `--accept` name. */
  readonly key: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly type: FieldType;
  readonly required: boolean;
  readonly default?: JsonValue | undefined;
  /** For `choice` and `multi-choice`. */
  readonly options: readonly FieldOption[];
  readonly format?: string | undefined;
  /** What the schema allows, in words: `1 to 10`, `at most 80 characters`. */
  readonly limits?: string | undefined;
  /** The field's own schema, with its references resolved once. */
  readonly schema: JsonObject;
}

export interface Form {
  readonly kind: 'fields';
  readonly schema: JsonObject;
  readonly fields: readonly Field[];
}

/** A schema that no list of fields can stand for: the whole content is edited as JSON. */
export interface JsonForm {
  readonly kind: 'json';
  readonly schema: JsonObject;
}

export interface FieldError {
  /** `a.b`; empty for the content as a whole. */
  readonly path: string;
  readonly message: string;
}

export type FieldReading =
  /** `undefined`: left out. */
  { readonly ok: true; readonly value: JsonValue | undefined } | { readonly ok: false; readonly message: string };

export type ContentReading =
  | {
      readonly ok: true;
      readonly content: JsonObject;
      /** Rules of the schema that only the server can check, with the reason. @default none */
      readonly unchecked?: readonly FieldError[];
    }
  | { readonly ok: false; readonly errors: readonly FieldError[] };
