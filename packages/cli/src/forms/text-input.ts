import { graphemes } from '../display/graphemes.ts';

/** Editable text of one or several lines; the cursor is an offset in UTF-16 units, always between graphemes. */
export interface TextInput {
  readonly text: string;
  readonly cursor: number;
}

export type TextEdit =
  | { readonly kind: 'insert'; readonly text: string }
  /** Moves to the same column of the line above or below; no change if there is none. */
  | { readonly kind: 'line-up' | 'line-down' }
  | {
      readonly kind:
        | 'backspace'
        | 'delete'
        | 'left'
        | 'right'
        | 'home'
        | 'end'
        | 'delete-word'
        | 'delete-line'
        | 'delete-rest';
    };

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
      return { text: text.slice(0, previousGrapheme(before)) + after, cursor: previousGrapheme(before) };
    case 'delete':
      return { text: before + after.slice(nextGrapheme(after)), cursor };
    case 'left':
      return { text, cursor: previousGrapheme(before) };
    case 'right':
      return { text, cursor: cursor + nextGrapheme(after) };
    case 'home':
      return { text, cursor: before.lastIndexOf('\n') + 1 };
    case 'end': {
      const end = after.indexOf('\n');
      return { text, cursor: end === -1 ? text.length : cursor + end };
    }
    case 'line-up':
    case 'line-down':
      return { text, cursor: otherLine(before, after, edit.kind) ?? cursor };
    case 'delete-word': {
      const kept = before.replace(/\S*\s*$/, '');
      return { text: kept + after, cursor: kept.length };
    }
    case 'delete-rest': {
      const end = after.indexOf('\n');
      return { text: before + (end === -1 ? '' : after.slice(end)), cursor };
    }
    case 'delete-line': {
      const start = before.lastIndexOf('\n') + 1;
      return { text: before.slice(0, start) + after, cursor: start };
    }
  }
}

function otherLine(before: string, after: string, way: 'line-up' | 'line-down'): number | undefined {
  const lines = (before + after).split('\n');
  const at = before.split('\n').length - 1;
  const to = way === 'line-up' ? at - 1 : at + 1;
  const line = lines[to];
  if (line === undefined) return undefined;
  const column = before.length - (before.lastIndexOf('\n') + 1);
  const start = lines.slice(0, to).reduce((sum, each) => sum + each.length + 1, 0);
  const wanted = Math.min(column, line.length);
  // Keep the cursor between graphemes.
  return start + wanted - (wanted - previousGrapheme(`${line.slice(0, wanted)} `));
}

function previousGrapheme(before: string): number {
  return [...graphemes.segment(before)].at(-1)?.index ?? 0;
}

function nextGrapheme(after: string): number {
  return [...graphemes.segment(after)].at(0)?.segment.length ?? 0;
}
