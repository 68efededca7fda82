// A CommonJS host: `require` loads every entry, on versions of Node that load ESM that way.
const { createTaskClient, TaskError } = require('@mcp-tasks/client');
const { createMemoryStore } = require('@mcp-tasks/client/memory-store');
const { taskRoutes } = require('@mcp-tasks/client/routes');
const { createTaskTransport } = require('@mcp-tasks/client/transport');

const kinds = [createTaskClient, createMemoryStore, taskRoutes, createTaskTransport].map((each) => typeof each);
console.log(JSON.stringify({ kinds, code: new TaskError('closed', 'Closed').code }));
