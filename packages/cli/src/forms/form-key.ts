/** Key names shared by forms and the other pages of a view. */
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

/** A key press, independent of the terminal. */
export type FormKey =
  | { readonly name: 'text'; readonly text: string }
  /** Replaces the whole text, after an editor. */
  | { readonly name: 'set-text'; readonly text: string }
  | {
      readonly name:
        | EditingKeyName
        | 'delete-word'
        | 'delete-line'
        | 'delete-rest'
        /** Opens the review even with invalid fields: only accepting requires valid ones. */
        | 'review';
    };
