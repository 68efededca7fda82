/**
 * Replaces each line end of an event stream with a line feed; a chunk may end anywhere. Event parsers search for a line
 * feed at every carriage return, which takes seconds for a few hundred KB of them.
 */
export function createLineEnds(): (text: string) => string {
  let isAfterReturn = false;
  return (text) => {
    if (text === '' || (!isAfterReturn && !text.includes('\r'))) return text;
    // This line feed belongs to the carriage return that ended the last chunk.
    const rest = isAfterReturn && text.startsWith('\n') ? text.slice(1) : text;
    isAfterReturn = text.endsWith('\r');
    return rest.replace(/\r\n?/g, '\n');
  };
}
