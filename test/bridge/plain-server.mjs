// A server without tasks, of the revision in the file `revision` of its folder. Its tool `slow` never replies.
import { appendFileSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const tools = ['slow', 'quick'].map((name) => ({ name, inputSchema: { type: 'object' } }));
const serverInfo = { name: 'plain', version: '1' };
const complete = {
  resultType: 'complete',
  ttlMs: 0,
  cacheScope: 'private',
  _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo },
};

/** The reply to a message; undefined for none. */
export function replyTo({ id, method, params }, revision) {
  const isNew = revision === '2026-07-28';
  const result = (given) => ({ jsonrpc: '2.0', id, result: isNew ? { ...complete, ...given } : given });
  if (id === undefined) return undefined;
  if (method === 'initialize' && !isNew)
    return result({ protocolVersion: revision, capabilities: { tools: {} }, serverInfo });
  if (method === 'server/discover' && isNew)
    return result({ supportedVersions: [revision], capabilities: { tools: {} } });
  if (method === 'tools/list') return result({ tools });
  if (method === 'tools/call' && params.name === 'slow') return undefined;
  if (method === 'tools/call') return result({ content: [{ type: 'text', text: `quick under ${revision}` }] });
  return { jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } };
}

if (resolve(process.argv[1]) === import.meta.filename) {
  const [folder] = process.argv.slice(2);
  const revision = readFileSync(join(folder, 'revision'), 'utf8');
  appendFileSync(join(folder, 'pids'), `${process.pid}\n`);
  createInterface({ input: process.stdin }).on('line', (line) => {
    appendFileSync(join(folder, 'received'), `${line}\n`);
    const reply = replyTo(JSON.parse(line), revision);
    if (reply !== undefined) process.stdout.write(`${JSON.stringify(reply)}\n`);
  });
}
