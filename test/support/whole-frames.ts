/** A program says with these that what stands between them is one frame (synchronized output, DEC mode 2026). */
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';

export interface WholeFrames {
  /** The next bytes as they come; what can be shown now, each piece up to the end of a frame. */
  push(data: string): readonly string[];
  /** What is left when the program has ended, also the half of a frame. */
  rest(): readonly string[];
}

/** Cuts a stream of bytes where a frame ends, as a terminal that knows the mode does: nobody sees half a frame. */
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

/** How much of a text lies before a frame begins, or may begin with what comes next. */
function beforeFrame(text: string): number {
  const begin = text.indexOf(BEGIN);
  if (begin !== -1) return begin;
  for (let length = BEGIN.length - 1; length > 0; length--)
    if (text.endsWith(BEGIN.slice(0, length))) return text.length - length;
  return text.length;
}
