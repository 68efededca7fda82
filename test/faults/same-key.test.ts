import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import { complete, serveFaulty } from './faulty-server.ts';
import { freshDirectory, spawnHost } from './processes.ts';
import { verifies } from './scenarios.ts';
import { CREATED, WORKING } from './world.ts';

const CHILD = fileURLToPath(new URL('./key-child.ts', import.meta.url));
const RESULT = { resultType: 'complete', content: [{ type: 'text', text: 'done' }] };

test(
  verifies('O6', 'two processes that start the same keys at the same instant call the server once per key'),
  async () => {
    const directory = freshDirectory();
    const keys = Array.from({ length: 20 }, (_, index) => `deploy:${index}`);
    const server = await serveFaulty(({ method, params, count }) => {
      if (method === 'tools/call') return { result: { ...CREATED, taskId: `t${count}`, pollIntervalMs: 250 } };
      if (method !== 'tasks/get') return undefined;
      return complete({ ...WORKING, taskId: String(params.taskId), status: 'completed', result: RESULT });
    });
    const hosts = ['one', 'two'].map((name) => spawnHost({ url: server.url, directory, name, keys }, CHILD));
    await Promise.all(hosts.map((host) => host.waitFor(({ ready }) => ready !== undefined)));
    for (const host of hosts) host.process.stdin?.write('go\n');
    const [one, two] = await Promise.all(hosts.map((host) => host.waitFor(({ ids }) => ids !== undefined)));
    expect(one).toEqual(two);
    expect(one?.ends).toEqual(keys.map(() => 'completed'));
    expect(server.count('tools/call')).toBe(keys.length);
    const callers = server.requests
      .filter(({ method }) => method === 'tools/call')
      .map(({ headers }) => headers['x-process']);
    expect(callers.every((name) => name === 'one' || name === 'two')).toBe(true);
    expect(await Promise.all(hosts.map(({ ended }) => ended))).toEqual([0, 0]);
    const store = await openSqliteStore({ directory });
    const { records } = await store.list();
    expect(records.map(({ key, phase }) => [key, phase]).sort()).toEqual(keys.map((key) => [key, 'settled']).sort());
    expect(records.map(({ trouble }) => trouble)).toEqual(keys.map(() => undefined));
    await store.close();
  },
);
