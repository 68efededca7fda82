import { type AgentOptions, serveAgent } from './agent-server.ts';

/** An agent as a process of its own: options as JSON, and its URL on the first line it writes. */
const server = await serveAgent(JSON.parse(process.argv[2] ?? '{}') as AgentOptions);
process.stdout.write(`${server.url}\n`);
process.stdin.on('data', () => server.agent.finish());
