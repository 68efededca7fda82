import { asking, connect, load, NOW, type Played, press, settled, start, task } from '../state/play.ts';
import type { Size } from './size.ts';

const shop = {
  fingerprint: 'shop',
  label: 'shop.example',
  target: { kind: 'url', url: 'https://shop.example/mcp' },
} as const;

const asks = (id: string, version: string) =>
  asking(id, ['approval'], { tool: 'release', arguments: { version }, statusMessage: 'Waiting for approval' });

/** Releases with the same question, and tasks of a second server. */
function many(size: Size): Played {
  const known = load(
    connect(connect(start(size)), 'shop'),
    asks('re1k7f', '2.4.0'),
    asks('re2m4p', '2.4.1'),
    asks('re3x9d', '2.5.0'),
    task('bk5q2w', { tool: 'backup', server: shop, progress: { progress: 12, total: 40, message: 'Copying orders' } }),
    task('ix8c3v', { tool: 'index', server: shop, createdAt: NOW - 20_000, statusMessage: undefined }),
    settled('pr7n2b', { tool: 'report', server: shop }),
  );
  return press(known, '<home>');
}

/** Scenes with several tasks at once. */
export const multiTaskScenes: Readonly<Record<string, (size: Size) => Played>> = {
  grouped: (size) => press(many(size), 'S'),
  marked: (size) => press(many(size), '  '),
  'bulk-form': (size) => press(many(size), '  aAda'),
  'bulk-cancel': (size) => press(many(size), '  c'),
};
