/** Names of the keys that a form and the rest of a view share. */
export type EditingKeyName =
  | 'enter'
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
  | 'delete';

/** A key as the form understands it, whatever terminal it came from. */
export type FormKey =
  | { readonly name: 'text'; readonly text: string }
  /** The whole text, as an editor left it. */
  | { readonly name: 'set-text'; readonly text: string }
  | {
      readonly name:
        | EditingKeyName
        | 'delete-word'
        | 'delete-line'
        | 'delete-rest'
        /** To the review, also with fields still wrong: only accepting needs them right. */
        | 'review';
    };
