import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { Line } from '../view/line.ts';
import { styleOf, type Theme, toAscii } from '../view/theme.ts';

/** Draws lines of spans with Ink: a span's tone becomes colour and weight. */
export function Rows({ lines, theme }: { readonly lines: readonly Line[]; readonly theme: Theme }): ReactNode {
  return (
    <Box flexDirection="column">
      {lines.map((line, at) => (
        <Row key={at} line={line} theme={theme} />
      ))}
    </Box>
  );
}

function Row({ line, theme }: { readonly line: Line; readonly theme: Theme }): ReactNode {
  // Ink gives a row without text no height.
  if (line.every(({ text }) => text === '')) return <Text> </Text>;
  // Blanks look the same in every tone except a reversed one.
  return (
    <Text wrap="truncate">
      {line.map(({ text, tone }, at) => (
        <Text key={at} {...(text.trim() === '' && tone !== 'marked' ? {} : styleOf(tone, theme))}>
          {theme.ascii ? toAscii(text) : text}
        </Text>
      ))}
    </Text>
  );
}
