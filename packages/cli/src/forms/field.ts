import type { JsonObject, JsonValue } from '@mcp-tasks/client';

export type FieldType = 'string' | 'number' | 'integer' | 'boolean' | 'choice' | 'multi-choice' | 'json';

export interface FieldOption {
  readonly value: JsonValue;
  readonly title: string;
}

/** One field of a form. Its texts come from the server: make them safe before showing them. */
export interface Field {
  /** Path of the value in the content; empty for a form that is one JSON document. */
  readonly path: readonly string[];
  /** Path as text, `a.b`, as used by `--arg` and `--accept`. */
  readonly key: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly type: FieldType;
  readonly required: boolean;
  readonly default?: JsonValue | undefined;
  /** Options of a `choice` or `multi-choice`. */
  readonly options: readonly FieldOption[];
  readonly format?: string | undefined;
  /** Allowed values in words: `1 to 10`, `at most 80 characters`. */
  readonly limits?: string | undefined;
  /** Schema of the field, with references resolved one level. */
  readonly schema: JsonObject;
}

export interface Form {
  readonly kind: 'fields';
  readonly schema: JsonObject;
  readonly fields: readonly Field[];
}

/** A schema without a list of fields: the whole content is edited as JSON. */
export interface JsonForm {
  readonly kind: 'json';
  readonly schema: JsonObject;
}

export interface FieldError {
  /** Path, `a.b`; empty for the whole content. */
  readonly path: string;
  readonly message: string;
}

export type FieldReading =
  /** `undefined` means omitted. */
  { readonly ok: true; readonly value: JsonValue | undefined } | { readonly ok: false; readonly message: string };

export type ContentReading =
  | {
      readonly ok: true;
      readonly content: JsonObject;
      /** Rules of the schema that only the server can check, with the reason. @default none */
      readonly unchecked?: readonly FieldError[];
    }
  | { readonly ok: false; readonly errors: readonly FieldError[] };
