import type { JobMappings } from '../mapping.ts';

/** exa-mcp-server 3: the status tool itself waits five seconds. */
export const exa: JobMappings = {
  research: {
    description: 'Research a question on the web in depth, and write a report',
    start: { tool: 'deep_researcher_start', id: '/researchId' },
    status: {
      tool: 'deep_researcher_check',
      arguments: { researchId: '{id}' },
      state: '/status',
      message: '/message',
      error: '/error',
      map: { working: ['pending', 'running'], completed: ['completed'], failed: ['failed'], cancelled: ['canceled'] },
      missing: '[Nn]ot [Ff]ound',
      waits: true,
    },
    result: { from: '/report' },
    pollIntervalMs: 10_000,
    trusted: true,
  },
};

/** firecrawl-mcp 3: the server asks for a poll interval of 15 to 30 seconds. */
export const firecrawl: JobMappings = {
  agent: {
    description: 'Let an agent gather data from the web',
    start: { tool: 'firecrawl_agent', id: '/id' },
    status: {
      tool: 'firecrawl_agent_status',
      arguments: { id: '{id}' },
      state: '/status',
      error: '/error',
      map: { working: ['processing'], completed: ['completed'], failed: ['failed'], cancelled: ['cancelled'] },
      missing: '[Nn]ot [Ff]ound',
    },
    pollIntervalMs: 20_000,
    trusted: true,
  },
  crawl: {
    description: 'A crawl that was begun elsewhere',
    status: {
      tool: 'firecrawl_check_crawl_status',
      arguments: { id: '{id}' },
      state: '/status',
      error: '/error',
      map: { working: ['scraping'], completed: ['completed'], failed: ['failed'], cancelled: ['cancelled'] },
      missing: '[Nn]ot [Ff]ound',
    },
    pollIntervalMs: 20_000,
    trusted: true,
  },
};
