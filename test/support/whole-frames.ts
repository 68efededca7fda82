/** Marks of a frame (synchronized output, DEC mode 2026). */
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';

export interface WholeFrames {
  /** Accepts the next bytes; returns the displayable pieces, each up to the end of a frame. */
  push(data: string): readonly string[];
  /** The remaining bytes when the program has ended, including a partial frame. */
  rest(): readonly string[];
}

/** Splits output at frame ends, as a terminal with the mode does, so that no partial frame is seen. */
export function wholeFrames(): WholeFrames {
  let held = '';
  return {
    push(data) {
      held += data;
      const pieces: string[] = [];
      for (let end = held.indexOf(END); end !== -1; end = held.indexOf(END)) {
        pieces.push(held.slice(0, end + END.length));
        held = held.slice(end + END.length);
      }
      const free = beforeFrame(held);
      if (free > 0) pieces.push(held.slice(0, free));
      held = held.slice(free);
      return pieces;
    },
    rest() {
      const pieces = held === '' ? [] : [held];
      held = '';
      return pieces;
    },
  };
}

/** Length of the text before a frame begins, or before a possible beginning. */
function beforeFrame(text: string): number {
  const begin = text.indexOf(BEGIN);
  if (begin !== -1) return begin;
  for (let length = BEGIN.length - 1; length > 0; length--)
    if (text.endsWith(BEGIN.slice(0, length))) return text.length - length;
  return text.length;
}
