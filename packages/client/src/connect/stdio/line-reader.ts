const HEAD_BYTES = 1024;

/** Splits a byte stream into lines. A line over the limit is skipped; `onTooLong` gets its first bytes, once. */
export function createLineReader(
  limit: number,
  onLine: (line: string) => void,
  onTooLong: (head: string) => void,
): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let size = 0;
  let skipping = false;

  function addPiece(piece: Buffer): void {
    if (skipping) return;
    size += piece.length;
    if (size <= limit) {
      parts.push(piece);
      return;
    }
    skipping = true;
    const head = Buffer.concat([...parts.slice(0, 1), piece].map((part) => part.subarray(0, HEAD_BYTES)));
    parts = [];
    onTooLong(head.toString('utf8'));
  }

  function endLine(): void {
    if (!skipping) onLine(Buffer.concat(parts).toString('utf8').replace(/\r$/, ''));
    parts = [];
    size = 0;
    skipping = false;
  }

  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      addPiece(chunk.subarray(from, at));
      endLine();
      from = at + 1;
    }
    if (from < chunk.length) addPiece(chunk.subarray(from));
  };
}
