const ESC = '\u001b';
const PASTE_BEGIN = `${ESC}[200~`;
const PASTE_END = `${ESC}[201~`;

const SEQUENCE = new RegExp(`${ESC}(?:\\[[0-9;:<=>?]*[ -/]*[@-~]|O[@-~])`, 'g');
const KNOWN = new RegExp(`^${ESC}(?:\\[(?:1;\\d+)?[A-DFH]|O[A-DFH]|\\[[1345678](?:;\\d+)?~|\\[Z|\\[13;2u)$`);
const ESCAPE_BEFORE_LETTER = new RegExp(`${ESC}(?=[^[O${ESC}\\r])`, 'g');
// biome-ignore lint/suspicious/noControlCharactersInRegex: a paste may contain any character
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** Filters keyboard input for Ink 6, which reads the keys. */
export function inkStdin(stdin: NodeJS.ReadStream): NodeJS.ReadStream {
  const forInk = createInkFilter();
  return new Proxy(stdin, {
    get(target, name) {
      if (name === 'read') {
        return () => {
          const chunk: string | Buffer | null = target.read();
          return chunk === null ? null : forInk(chunk.toString());
        };
      }
      // The view owns raw mode: Ink would leave it briefly at each resize, and before the last keys are dropped.
      if (name === 'setRawMode') return (isRaw: boolean) => (isRaw ? target.setRawMode(true) : target);
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function createInkFilter(): (chunk: string) => string {
  let paste = '';
  return (chunk) => {
    const input = paste + chunk;
    const begin = input.indexOf(PASTE_BEGIN);
    if (begin === -1) return typed(input);
    const end = input.indexOf(PASTE_END, begin);
    const before = typed(input.slice(0, begin));
    // A paste arrives in pieces, which Ink would read as typing: pass it on whole, between its marks.
    paste = end === -1 ? input.slice(begin) : '';
    if (end === -1) return before;
    const text = pasted(input.slice(begin + PASTE_BEGIN.length, end));
    return before + PASTE_BEGIN + text + PASTE_END + typed(input.slice(end + PASTE_END.length));
  };
}

function typed(input: string): string {
  return (
    input
      // Ink has one name for Delete and the Backspace of most keyboards.
      .replaceAll('\u007f', '\b')
      // Ink reads unknown sequences as text and crashes on some, such as Ctrl-F1.
      .replace(SEQUENCE, (sequence) => (KNOWN.test(sequence) ? sequence : ''))
      // Ink reads a quick Escape and letter as one key; this encoding of Escape is unambiguous.
      .replace(ESCAPE_BEFORE_LETTER, `${ESC}[27u`)
  );
}

function pasted(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\t', '  ').replace(CONTROLS, '');
}
