const ESC = '\u001b';
const PASTE_BEGIN = `${ESC}[200~`;
const PASTE_END = `${ESC}[201~`;

const SEQUENCE = new RegExp(`${ESC}(?:\\[[0-9;:<=>?]*[ -/]*[@-~]|O[@-~])`, 'g');
const KNOWN = new RegExp(`^${ESC}(?:\\[(?:1;\\d+)?[A-DFH]|O[A-DFH]|\\[[1345678](?:;\\d+)?~|\\[Z|\\[13;2u)$`);
const ESCAPE_BEFORE_LETTER = new RegExp(`${ESC}(?=[^[O${ESC}\\r])`, 'g');
// biome-ignore lint/suspicious/noControlCharactersInRegex: a paste may hold anything
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** The keyboard as Ink 6 can read it; all else of reading keys is Ink's. */
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
      // Raw mode is the view's: Ink would give it back for a moment with each resize, and before the last keys are dropped.
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
    // A paste comes in many pieces, and Ink would take each for something typed: it gets the whole, between its marks.
    paste = end === -1 ? input.slice(begin) : '';
    if (end === -1) return before;
    const text = pasted(input.slice(begin + PASTE_BEGIN.length, end));
    return before + PASTE_BEGIN + text + PASTE_END + typed(input.slice(end + PASTE_END.length));
  };
}

function typed(input: string): string {
  return (
    input
      // Ink gives Delete and the Backspace of most keyboards one name.
      .replaceAll('\u007f', '\b')
      // Ink takes sequences it does not know for text, and ends over some of them: Ctrl-F1 for one.
      .replace(SEQUENCE, (sequence) => (KNOWN.test(sequence) ? sequence : ''))
      // Pressed fast, Escape and a letter look like one key to Ink; this spelling of Escape it cannot misread.
      .replace(ESCAPE_BEFORE_LETTER, `${ESC}[27u`)
  );
}

function pasted(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\t', '  ').replace(CONTROLS, '');
}
