// Builds behind ordinary tools, saved in a file: node build-server.mjs STATE. It does not know MCP tasks.
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import * as z from 'zod';

const [file] = process.argv.slice(2);
const builds = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []);

function save(all) {
  writeFileSync(`${file}.new`, JSON.stringify(all));
  renameSync(`${file}.new`, file);
}

function change(number, to) {
  save(builds().map((build) => (build.number === number ? { ...build, ...to } : build)));
  return resultOf(builds().find((build) => build.number === number));
}

function resultOf(build) {
  if (build === undefined) return { content: [{ type: 'text', text: 'Build not found' }], isError: true };
  return { content: [{ type: 'text', text: JSON.stringify(build) }] };
}

const logCall = (name) => appendFileSync(`${file}.calls`, `${name}\n`);

const server = new McpServer({ name: 'builds', version: '1.0.0' });
const number = z.number();
const readOnly = { annotations: { readOnlyHint: true } };

server.registerTool('create_build', { inputSchema: { branch: z.string() } }, ({ branch }) => {
  const build = { number: builds().length + 1, branch, state: 'running', message: 'compiling' };
  save([...builds(), build]);
  return resultOf(build);
});
server.registerTool('get_build', { ...readOnly, inputSchema: { number } }, (wanted) => {
  logCall('get_build');
  return resultOf(builds().find((build) => build.number === wanted.number));
});
server.registerTool('list_builds', { ...readOnly, inputSchema: {} }, () => {
  logCall('list_builds');
  return { content: [{ type: 'text', text: JSON.stringify({ builds: builds() }) }] };
});
server.registerTool('block_build', { inputSchema: { number, message: z.string() } }, (wanted) =>
  change(wanted.number, { state: 'blocked', message: wanted.message }),
);
server.registerTool('unblock_build', { inputSchema: { number, answer: z.string() } }, (wanted) =>
  change(wanted.number, { state: 'passed', message: 'passed', log: `went to ${wanted.answer}` }),
);
server.registerTool('cancel_build', { inputSchema: { number } }, (wanted) =>
  change(wanted.number, { state: 'canceled', message: 'canceled' }),
);
await server.connect(new StdioServerTransport());
