/** One line of text being edited; the cursor is an offset in UTF-16 units, always between whole graphemes. */
export interface TextInput {
  readonly text: string;
  readonly cursor: number;
}

export type TextEdit =
  | { readonly kind: 'insert'; readonly text: string }
  | { readonly kind: 'backspace' | 'delete' | 'left' | 'right' | 'home' | 'end' | 'delete-word' | 'delete-line' };

export function createTextInput(text = ''): TextInput {
  return { text, cursor: text.length };
}

export function editText(input: TextInput, edit: TextEdit): TextInput {
  const { text, cursor } = input;
  const before = text.slice(0, cursor);
  const after = text.slice(cursor);
  switch (edit.kind) {
    case 'insert':
      return { text: before + edit.text + after, cursor: cursor + edit.text.length };
    case 'backspace':
      return { text: text.slice(0, previous(before)) + after, cursor: previous(before) };
    case 'delete':
      return { text: before + after.slice(next(after)), cursor };
    case 'left':
      return { text, cursor: previous(before) };
    case 'right':
      return { text, cursor: cursor + next(after) };
    case 'home':
      return { text, cursor: 0 };
    case 'end':
      return { text, cursor: text.length };
    case 'delete-word': {
      const kept = before.replace(/\S*\s*$/, '');
      return { text: kept + after, cursor: kept.length };
    }
    case 'delete-line':
      return { text: after, cursor: 0 };
  }
}

const graphemes = new Intl.Segmenter();

function previous(before: string): number {
  return [...graphemes.segment(before)].at(-1)?.index ?? 0;
}

function next(after: string): number {
  return [...graphemes.segment(after)].at(0)?.segment.length ?? 0;
}
