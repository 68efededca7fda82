/** A key of the keyboard, whatever a terminal makes of it. `text` is what was typed or pasted, never a control. */
export type Key = { readonly name: 'text'; readonly text: string } | { readonly name: KeyName };

export type KeyName =
  | 'enter'
  | 'escape'
  | 'tab'
  | 'back-tab'
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'page-up'
  | 'page-down'
  | 'backspace'
  | 'delete'
  | 'newline'
  | `ctrl-${string}`;
