import { afterEach, expect, test } from 'vitest';
import { createDemo, type Demo } from '../../packages/cli/src/demo/demo.ts';
import { eventually, freshDirectory } from './support.ts';

let demo: Demo | undefined;
afterEach(() => {
  demo?.engine.stop();
  demo?.db.close();
});

const pages = (db: Demo['db']) => (db.prepare('PRAGMA page_count').get() as { readonly page_count: number }).page_count;

test('on a full disk tasks stand still and can be read; when there is room again they go on', async () => {
  const said: (string | undefined)[] = [];
  const { engine, db, tools } = createDemo(
    { storeDirectory: freshDirectory(), speed: 0, onTrouble: (trouble) => said.push(trouble) },
    () => '',
  );
  demo = { engine, db, tools } as Demo;
  const { id } = engine.create({ tool: tools.get('batch')!, args: { items: 300 } });
  db.exec(`PRAGMA max_page_count = ${pages(db)}`); // SQLite's behaviour on a full disk
  engine.start();
  await eventually(() => said).toEqual([expect.stringContaining('full')]);
  const stuck = engine.find(id);
  expect(stuck).toMatchObject({ status: 'working' });
  expect(() => engine.create({ tool: tools.get('large-result')!, args: { text: 'x'.repeat(1e6) } })).toThrow('full');
  expect(engine.find(id)?.position).toBe(stuck?.position);

  db.exec('PRAGMA max_page_count = 1000000');
  await eventually(() => engine.find(id)?.status).toBe('completed');
  expect(said).toEqual([expect.stringContaining('full'), undefined]);
});
