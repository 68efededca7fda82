/**
 * Turns each line end of an event stream into a line feed, in pieces cut anywhere: event parsers look for the next line
 * feed at every carriage return, which takes seconds for a few hundred KB of them.
 */
export function createLineEnds(): (text: string) => string {
  let isAfterReturn = false;
  return (text) => {
    if (text === '' || (!isAfterReturn && !text.includes('\r'))) return text;
    // The line feed belongs to a carriage return that was turned already.
    const rest = isAfterReturn && text.startsWith('\n') ? text.slice(1) : text;
    isAfterReturn = text.endsWith('\r');
    return rest.replace(/\r\n?/g, '\n');
  };
}
