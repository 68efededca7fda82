export interface Normalizer {
  /** Assigns an id the next name of its kind. */
  name(kind: 'id' | 'task', value: string): void;
  words(args: readonly string[]): string;
  output(args: readonly string[], text: string): string;
}

/** Replaces the parts that differ between runs: ids, instants, ports, durations, and the number of polls. */
export function createNormalizer(replacements: Readonly<Record<string, string>>): Normalizer {
  const names = new Map<string, string>();

  function normal(text: string): string {
    let named = text;
    for (const [from, to] of [...names, ...Object.entries(replacements)]) named = named.replaceAll(from, to);
    return (
      named
        .replaceAll(process.execPath, 'node')
        .replace(/[^\s"']*\/packages\/cli\/bin\/mcp-tasks\.js/g, 'mcp-tasks.js')
        .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>')
        .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
        .replace(/(\/sign-in\/|"elicitationId": ")[\w-]{24}/g, '$1<page>')
        .replace(/(\bport) \d{2,}/gi, '$1 <port>')
        .replace(/\bprocess \d+/g, 'process <pid>')
        .replace(/\bItem \d+ of/g, 'Item <n> of')
        .replace(/\b\d+ (?:s|ms|min|h|d)\b(?: \d+ (?:s|min|h)\b)?/g, '<time>')
        .replace(/<time> ago {2,}/g, '<time> ago  ')
        .replace(/^\d+(?= +[\w-]+ +\S+ +(?:stdio|http:\S+) )/gm, '<pid>')
        .replace(/("fingerprint": ")[0-9a-f]{16}/g, '$1<fingerprint>')
        .replace(/\bkeeper \d+/g, 'keeper <pid>')
        .replace(/("pid": )\d+/g, '$1<pid>')
        .replace(/^\d+(?= {2}<id| stopped| {2,}\S+(?: {2,}\d+){3}$)/gm, '<pid>')
        .replace(/("sha256": ")[0-9a-f]{64}/g, '$1<digest>')
        .replace(/^<pid> {2,}/gm, '<pid>  ')
        .replace(/\b(CALLED|PID|FRONT|KEEPER) +/g, '$1  ')
        // Printed after two seconds only, which depends on the machine.
        .replace(/^(?:Starting|Connecting to) .* …\n/gm, '')
    );
  }

  return {
    name(kind, value) {
      if (names.has(value)) return;
      const count = [...names.values()].filter((name) => name.startsWith(`<${kind}`)).length;
      names.set(value, `<${kind}${count + 1}>`);
    },
    words(args) {
      return normal(args.map((arg) => quoted(normal(shortened(arg, names)))).join(' '));
    },
    output(args, text) {
      if (text === '') return '';
      const lines = withoutSlowTitle(normal(text)).trimEnd().split('\n').map(withoutState);
      if (lines.join('') === '') return '';
      // The width of a column depends on its longest cell, which differs between runs.
      const listed = lines.map((line) => line.replace(/(?<=\S) {2,}/g, '  '));
      return `${(args[0] === 'list' ? listed : foldProgress(lines)).join('\n')}\n`;
    },
  };
}

/** A prefix of an id, as people type it. */
function shortened(word: string, names: ReadonlyMap<string, string>): string {
  if (!/^\w{3,}$/.test(word)) return word;
  const found = [...names].find(([id]) => id.startsWith(word) && id !== word);
  return found === undefined ? word : `<the first ${word.length} characters of ${found[1].slice(1, -1)}>`;
}

const PROGRESS = /^(?:<id\d+> {2}working| {2}<instant> {2}(?:working|needs input))(?: {2}\S.*)?$/;
const ENDS_IN_QUESTION = /^<id\d+> {2}(?:asks |needs input: )/;

/**
 * Removes progress lines: which states are seen depends on the polls. Keeps the last line of a run where it is certain,
 * at a question.
 */
function foldProgress(lines: readonly string[]): readonly string[] {
  const folded: string[] = [];
  for (const [at, line] of lines.entries()) {
    if (line === folded.at(-1) && line.startsWith('{')) continue;
    if (!PROGRESS.test(line) || ENDS_IN_QUESTION.test(lines[at + 1] ?? '')) folded.push(line);
  }
  return folded;
}

/** Removes a title line whose id is on no other line: the call created no task, but took more than two seconds. */
function withoutSlowTitle(text: string): string {
  return text.replace(/^(<id\d+>) {2}\S+ on \S+\n/gm, (line, id: string) => (text.split(id).length > 2 ? line : ''));
}

/** Also folds the events of `--jsonl`. */
function withoutState(line: string): string {
  return line.startsWith('{"event":"status"') ? '{"event":"status","task":{…}}' : line;
}

function quoted(word: string): string {
  return /^(?:[\w@%+=:,./<>~-]+|<[^>]*>)$/.test(word) ? word : `'${word}'`;
}
