const KEPT_LINES = 60;
const MAX_LINES = 5;
const MAX_LINE = 300;

/** Start of a line with the reason of a crash: `Error: …`, `ValueError: …`, `fatal: …`, `panic: …`. */
const REASON =
  /^\W*(?:uncaught\s+|unhandled\s+|exception in thread\s+\S+\s+)*(?:[\w.$]*(?:error|exception)\b|fatal\b|panic\b)/i;
/** Lines without a reason: stack traces, quoted source, the runtime's version. */
const NOISE = /^\s+at |^\s*\^+\s*$|^Node\.js v\d|^\s*File ".*", line \d|^Traceback |^npm (?:error|ERR!) A complete log/;

/** Keeps the last lines of a program's standard error, to report why it ended. */
export interface StderrTail {
  add(line: string): void;
  /** The line with the reason and those after it, at most five; empty without output. */
  read(): readonly string[];
}

export function createStderrTail(): StderrTail {
  const lines: string[] = [];
  return {
    add(line) {
      if (line.trim() === '') return;
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
    },
    read() {
      const informative = lines.filter((line) => !NOISE.test(line));
      const at = informative.findLastIndex((line) => REASON.test(line));
      const near = at === -1 ? informative.findLastIndex((line) => /\berror\b/i.test(line)) : at;
      const tail = near === -1 ? informative.slice(-1) : informative.slice(near, near + MAX_LINES);
      return tail.map((line) => line.trim().slice(0, MAX_LINE));
    },
  };
}
