import type { EditingKeyName } from '../../forms/form-key.ts';

/** A key press, independent of the terminal. `text` is typed or pasted, and never a control character. */
export type Key = { readonly name: 'text'; readonly text: string } | { readonly name: KeyName };

export type KeyName = EditingKeyName | 'escape' | 'newline' | `ctrl-${string}`;
