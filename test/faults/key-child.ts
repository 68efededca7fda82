// A host in its own process that starts one call per key at a given instant. The outcomes go to stdout as one line
// of JSON.
import { once } from 'node:events';
import { createTaskClient } from '../../packages/client/src/api/task-client.ts';
import { connect } from '../../packages/client/src/connect/connect.ts';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import type { FaultyJob } from './processes.ts';

const { url, directory, name, keys = [] } = JSON.parse(process.argv[2] ?? '{}') as FaultyJob;
const store = await openSqliteStore({ directory });
const connection = await connect({ kind: 'url', url }, { headers: { 'x-process': name } });
const client = createTaskClient({ connection, store });

process.stdout.write(`${JSON.stringify({ ready: name })}\n`);
await once(process.stdin, 'data');
const tasks = await Promise.all(keys.map((key) => client.start({ name: 'deploy', key })));
await Promise.all(tasks.map((task) => task.accepted()));
const outcomes = await Promise.all(tasks.map((task) => task.outcome()));
const ids = tasks.map(({ id }) => id);
process.stdout.write(`${JSON.stringify({ ids, ends: outcomes.map(({ status }) => status) })}\n`);
await client.close();
await store.close();
process.exit(0);
