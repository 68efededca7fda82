import type { JobMappings } from '../mapping.ts';
import { board, jira, linear, shrimp, taskManager } from './boards.ts';
import { buildkite, github } from './builds.ts';
import { exa, firecrawl } from './research.ts';
import { apify, dbt, replicate } from './runs.ts';

/** The built-in mappings, by the server's own name. */
export const presets: Readonly<Record<string, JobMappings>> = {
  replicate_stainless_api: replicate,
  'exa-search-server': exa,
  'firecrawl-fastmcp': firecrawl,
  'apify-mcp-server': apify,
  dbt,
  'buildkite-mcp-server': buildkite,
  'github-mcp-server': github,
  'Atlassian MCP': jira,
  linear,
  'task-manager-server': taskManager,
  'Shrimp Task Manager': shrimp,
  'task-board': board,
};
