// A VoltAgent agent with a stub model: node voltagent-agent.mjs FOLDER. Prints the URL of its card. Appends each
// message to FOLDER/messages; a message that begins with "slow" waits until FOLDER/go exists.
import { appendFileSync, existsSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { A2AServer } from '@voltagent/a2a-server';
import { Agent } from '@voltagent/core';
import { MockLanguageModelV3 } from 'ai/test';

const [folder] = process.argv.slice(2);
const go = join(folder, 'go');

async function waitForRelease(signal) {
  for await (const _ of watch(folder, { signal })) if (existsSync(go)) return;
}

const lastUserText = (prompt) =>
  prompt
    .findLast(({ role }) => role === 'user')
    .content.map(({ text }) => text)
    .join('');
const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };

const model = new MockLanguageModelV3({
  async doGenerate({ prompt, abortSignal }) {
    const message = lastUserText(prompt);
    appendFileSync(join(folder, 'messages'), `${message}\n`);
    if (message.startsWith('slow') && !existsSync(go)) await waitForRelease(abortSignal);
    if (message.startsWith('fail')) throw new Error('the shop is closed');
    return {
      content: [{ type: 'text', text: `did: ${message}` }],
      finishReason: { unified: 'stop', raw: 'stop' },
      usage,
      warnings: [],
    };
  },
});

const shop = new Agent({
  name: 'shop',
  id: 'shop',
  purpose: 'Runs a shop',
  instructions: 'Be brief.',
  model,
  maxRetries: 0,
});
const agents = new A2AServer({ name: 'shop', version: '1.0.0', agents: { shop } });
agents.initialize({ agentRegistry: { getAgent: () => shop, getAllAgents: () => [shop] } });

const server = createServer(async (request, response) => {
  const isCard = request.url.endsWith('/agent-card.json');
  if (!isCard && request.url !== '/a2a/shop') return response.writeHead(404).end();
  const answer = isCard
    ? agents.getAgentCard('shop')
    : await agents.handleRequest('shop', JSON.parse(await text(request)));
  response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
});
server.listen(0, '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${server.address().port}/.well-known/shop/agent-card.json`),
);
