import type { EditingKeyName } from '../../forms/form-key.ts';

/** A key of the keyboard, whatever a terminal makes of it. `text` is what was typed or pasted, never a control. */
export type Key = { readonly name: 'text'; readonly text: string } | { readonly name: KeyName };

export type KeyName = EditingKeyName | 'escape' | 'newline' | `ctrl-${string}`;
