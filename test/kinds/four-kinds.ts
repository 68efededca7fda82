import { join, resolve } from 'node:path';
import { serveAgent } from '../a2a/agent-server.ts';
import { countRequests, freshHome, serveDemo } from '../commands/support.ts';
import { configure, createBoardWorld } from '../jobs/board-world.ts';
import { createTaskManager } from '../jobs/task-manager.ts';

const BUILDS = resolve(import.meta.dirname, '../jobs/build-server.mjs');

const build = {
  start: { tool: 'create_build', id: '/number' },
  status: {
    tool: 'get_build',
    arguments: { number: '{id}' },
    state: '/state',
    message: '/message',
    map: { working: ['running'], input_required: ['blocked'], completed: ['passed'], cancelled: ['canceled'] },
    missing: 'not found',
  },
  result: { from: '/log' },
  answer: { tool: 'unblock_build', arguments: { number: '{id}', answer: '{answer}' } },
  cancel: { tool: 'cancel_build', arguments: { number: '{id}' } },
  list: { tool: 'list_builds', items: '/builds', id: '/number', state: '/state', title: '/branch' },
  pollIntervalMs: 500,
} as const;

/** The person's mappings for the server with start and status tools. */
export const jobs = { ci: { build } } as const;

/** One kind of long work: the commands that start and answer it, and the counts of its server. */
export interface Kind {
  /** Arguments that start it: a call, or following an existing item. */
  readonly begin: readonly string[];
  readonly tool: string;
  /** Its questions in order: part of each text, and the value of `--accept`. */
  readonly questions: readonly { readonly asks: string; readonly accept: readonly string[] }[];
  /** Part of its result. */
  readonly resultText: string;
  /** Makes it ask, from another process. */
  block(): Promise<unknown>;
  /** Number of starts and of answers at the server. */
  counted(): { readonly begun: number; readonly answered: number };
}

/** A home with one configured server of each kind. */
export async function startFourKinds(home = freshHome()) {
  const demo = await serveDemo(home);
  configure(home, 'shop', { type: 'http', url: demo.url });
  const builds = createBoardWorld({ script: BUILDS, args: [join(freshHome(), 'builds.json')] }, { home, name: 'ci' });
  builds.map(jobs);
  const board = await createTaskManager(home);
  const agent = await serveAgent();
  configure(home, 'agent', { type: 'a2a', url: agent.url });
  const { received } = agent.agent;

  const task: Kind = {
    begin: ['call', 'shop', 'release', '--arg', 'service=checkout'],
    tool: 'release',
    questions: [
      { asks: 'Release checkout', accept: ['approve=true'] },
      { asks: 'How should it', accept: ['strategy=canary'] },
    ],
    resultText: 'is live on',
    block: async () => undefined,
    counted: () => ({
      begun: countRequests(demo.store, 'tools/call'),
      answered: countRequests(demo.store, 'tasks/update'),
    }),
  };
  const job: Kind = {
    begin: ['call', 'ci', 'build', '--arg', 'branch=main'],
    tool: 'build',
    questions: [{ asks: 'Deploy where?', accept: ['text=eu'] }],
    resultText: 'went to eu',
    block: () => builds.byOther('block_build', { number: 1, message: 'Deploy where?' }),
    counted: () => ({ begun: builds.called('create_build'), answered: builds.called('unblock_build') }),
  };
  const item: Kind = {
    begin: ['follow', 'board', 'item', board.first],
    tool: 'item',
    questions: [{ asks: 'Write the notes', accept: [] }],
    resultText: '"approved": true',
    block: () => board.done(board.first),
    counted: () => ({ begun: 1, answered: board.called('approve_task_completion') }),
  };
  const message: Kind = {
    begin: ['call', 'agent', 'send', '--arg', 'text=deploy shop'],
    tool: 'send',
    questions: [{ asks: 'Which region?', accept: ['text=eu'] }],
    resultText: 'deployed to eu',
    block: async () => undefined,
    counted: () => ({
      begun: received.filter((text) => text === 'deploy shop').length,
      answered: received.filter((text) => text === 'eu').length,
    }),
  };
  return {
    home,
    targets: { demo: demo.url, agent: agent.url, board, builds },
    kinds: { task, job, item, message },
    async stop() {
      await Promise.all([demo.stop(), agent.stop()]);
    },
  };
}
