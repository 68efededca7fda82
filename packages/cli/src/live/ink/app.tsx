import { useCursor, useInput } from 'ink';
import { type ReactNode, useRef, useSyncExternalStore } from 'react';
import type { Key } from '../keys/key.ts';
import { createInputReader } from '../keys/read-input.ts';
import type { ViewFrame } from '../view/frame.ts';
import type { Theme } from '../view/theme.ts';
import { Rows } from './rows.tsx';

/** Source of the current frame. */
export interface FrameSource {
  readonly subscribe: (listener: () => void) => () => void;
  readonly frame: () => ViewFrame;
}

export interface AppProps {
  readonly source: FrameSource;
  readonly theme: Theme;
  readonly onKey: (key: Key) => void;
}

/** Uses all hooks of Ink: draws the frame, places the cursor in text fields, and reports keys. */
export function App({ source, theme, onKey }: AppProps): ReactNode {
  const { lines, cursor } = useSyncExternalStore(source.subscribe, source.frame);
  const { setCursorPosition } = useCursor();
  setCursorPosition(cursor === undefined ? undefined : { x: cursor.column, y: cursor.row });

  const read = useRef(createInputReader());
  useInput((input, key) => {
    for (const each of read.current(input, key)) onKey(each);
  });

  return <Rows lines={lines} theme={theme} />;
}
