/** JSON as editors let people write it: with comments, and a comma after the last item. */
export function parseJsonWithComments(text: string): unknown {
  return JSON.parse(withoutTrailingCommas(withoutComments(text.replace(/^\ufeff/, ''))));
}

const STRING = String.raw`"(?:[^"\\]|\\.)*"`;

function withoutComments(text: string): string {
  const pattern = new RegExp(`(${STRING})|//[^\\n]*|/\\*[\\s\\S]*?\\*/`, 'g');
  return text.replace(pattern, (_match, string: string | undefined) => string ?? ' ');
}

function withoutTrailingCommas(text: string): string {
  return text.replace(
    new RegExp(`(${STRING})|,(?=\\s*[}\\]])`, 'g'),
    (_match, string: string | undefined) => string ?? '',
  );
}
