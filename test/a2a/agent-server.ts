import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AgentCard } from '@a2a-js/sdk';
import { DefaultRequestHandler, InMemoryTaskStore } from '@a2a-js/sdk/server';
import { agentCardHandler, jsonRpcHandler, restHandler, UserBuilder } from '@a2a-js/sdk/server/express';
import express from 'express';
import { createScriptAgent, type ScriptAgent } from './script-agent.ts';

/** A protocol version and binding of an agent. */
export type AgentInterface = '1.0 JSONRPC' | '1.0 HTTP+JSON' | '0.3 JSONRPC' | '0.3 HTTP+JSON';

export interface AgentOptions {
  /** Versions and bindings in its card. @default all */
  readonly offers?: readonly AgentInterface[];
  /** Relative URLs in the card. */
  readonly isRelative?: boolean;
  /** URL in the card, when it differs from the real one. */
  readonly statedUrl?: string;
  /** Version in the card, when it differs from the real one. */
  readonly statedVersion?: string;
  /** Bearer token that every request needs. */
  readonly token?: string;
}

export interface AgentServer {
  readonly url: string;
  readonly agent: ScriptAgent;
  /** Requested methods and paths, in order. */
  readonly asked: string[];
  /** Restarts the agent on the same port; its tasks continue when `keep` is true. */
  restart(keep: boolean): Promise<void>;
  stop(): Promise<void>;
}

const ALL: readonly AgentInterface[] = ['1.0 JSONRPC', '1.0 HTTP+JSON', '0.3 JSONRPC', '0.3 HTTP+JSON'];

/** An agent on the official server library that speaks exactly what its card offers. */
export async function serveAgent(options: AgentOptions = {}): Promise<AgentServer> {
  const { offers = ALL } = options;
  const agent = createScriptAgent();
  const asked: string[] = [];
  let store = new InMemoryTaskStore();
  let server: Server | undefined;
  let port = 0;

  const has = (what: string): boolean => offers.some((each) => each.includes(what));
  const old = { legacyCompat: { enabled: has('0.3') } };

  function card(): AgentCard {
    const base = options.statedUrl ?? (options.isRelative === true ? '' : `http://127.0.0.1:${port}`);
    const supportedInterfaces = offers.map((each) => {
      const [protocolVersion, protocolBinding] = each.split(' ');
      return { url: `${base}${protocolBinding === 'JSONRPC' ? '/rpc' : '/rest'}`, protocolBinding, protocolVersion };
    });
    const skills = [
      { id: 'deploy', name: 'Deploy', description: 'Deploys a shop', tags: [], examples: ['deploy shop'] },
    ];
    const modes = { defaultInputModes: ['text/plain'], defaultOutputModes: ['text/plain'] };
    const about = {
      name: 'Script',
      description: 'Follows a script',
      version: '1.2.3',
      capabilities: { streaming: true },
    };
    return AgentCard.fromJSON({ ...about, ...modes, supportedInterfaces, skills });
  }

  async function start(): Promise<void> {
    const requestHandler = new DefaultRequestHandler(card(), store, agent);
    const userBuilder = UserBuilder.noAuthentication;
    const app = express();
    app.use((request, response, next) => {
      if (options.token === undefined || request.headers.authorization === `Bearer ${options.token}`) return next();
      response.status(401).setHeader('www-authenticate', 'Bearer').end();
    });
    app.use(express.json());
    app.use((request, _response, next) => {
      asked.push(
        String((request.body as { method?: string } | undefined)?.method ?? `${request.method} ${request.path}`),
      );
      next();
    });
    app.get('/.well-known/agent-card.json', (_request, response, next) => {
      if (options.statedVersion === undefined) return next();
      response.json(withVersion(card(), options.statedVersion));
    });
    app.use('/.well-known/agent-card.json', agentCardHandler({ agentCardProvider: requestHandler, ...old }));
    if (has('JSONRPC')) app.use('/rpc', jsonRpcHandler({ requestHandler, userBuilder, ...old }));
    if (has('HTTP+JSON')) app.use('/rest', restHandler({ requestHandler, userBuilder, ...old }));
    server = app.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  }

  async function stop(): Promise<void> {
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  }

  await start();
  if (options.isRelative !== true && options.statedUrl === undefined) {
    await stop(); // the card contains the port, which is known only now
    await start();
  }
  return {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    agent,
    asked,
    stop,
    async restart(keep) {
      await stop();
      if (!keep) store = new InMemoryTaskStore();
      await start();
    },
  };
}

function withVersion(card: AgentCard, protocolVersion: string): object {
  const { name, description, version, supportedInterfaces, skills, capabilities } = card;
  const interfaces = supportedInterfaces.map((each) => ({ ...each, protocolVersion }));
  return { name, description, version, skills, capabilities, supportedInterfaces: interfaces };
}
