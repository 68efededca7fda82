import type { JobMappings } from '../mapping.ts';

/** mcp-atlassian: state names differ between workspaces, state categories do not. */
export const jira: JobMappings = {
  issue: {
    start: { tool: 'jira_create_issue', id: '/issue/key' },
    status: {
      tool: 'jira_get_issue',
      arguments: { issue_key: '{id}' },
      state: '/status/category',
      message: '/status/name',
      map: { working: ['To Do', 'In Progress', 'new', 'indeterminate'], completed: ['Done', 'done'] },
      missing: '404|[Dd]oes not exist|[Nn]ot [Ff]ound',
    },
    list: {
      tool: 'jira_search',
      arguments: { jql: 'assignee = currentUser() AND statusCategory != Done ORDER BY updated DESC' },
      items: '/issues',
      id: '/key',
      state: '/status/category',
      title: '/summary',
    },
    pollIntervalMs: 60_000,
    trusted: true,
  },
};

/** @tacticlaunch/mcp-linear 1.4 */
export const linear: JobMappings = {
  issue: {
    start: { tool: 'linear_createIssue', id: '/id' },
    status: {
      tool: 'linear_getIssueById',
      arguments: { id: '{id}' },
      state: '/state/type',
      message: '/state/name',
      map: {
        working: ['triage', 'backlog', 'unstarted', 'started'],
        completed: ['completed'],
        cancelled: ['canceled', 'duplicate'],
      },
      missing: '[Nn]ot [Ff]ound',
    },
    pollIntervalMs: 60_000,
    trusted: true,
  },
};

/** @kazuph/mcp-taskmanager: an item marked as done waits for the approval of a person. */
export const taskManager: JobMappings = {
  item: {
    description: 'An item of the task manager, until it is done and approved',
    status: {
      tool: 'open_task_details',
      arguments: { taskId: '{id}' },
      message: '/task/title',
      map: {
        completed: [{ '/task/approved': true }],
        input_required: [{ '/task/done': true }],
        working: [{ '/task/done': false }],
      },
      missing: [{ '/status': 'task_not_found' }],
    },
    answer: {
      accept: {
        tool: 'approve_task_completion',
        arguments: { requestId: '{status./requestId}', taskId: '{id}' },
      },
    },
    pollIntervalMs: 5_000,
    trusted: true,
  },
};

/** mcp-shrimp-task-manager: results are prose, in English, or in Chinese for an unknown task. */
export const shrimp: JobMappings = {
  task: {
    description: 'A task of the plan, until it is verified',
    status: {
      tool: 'get_task_detail',
      arguments: { taskId: '{id}' },
      state: { match: '\\*\\*Status:\\*\\* *(\\w+)' },
      message: { match: '### ([^\\n]+)' },
      map: { working: ['pending', 'in_progress', 'blocked'], completed: ['completed'] },
      missing: '找不到ID|not found',
    },
    pollIntervalMs: 5_000,
    trusted: true,
  },
};

/** A board of the host application: a stable id, a readable status, and a tool that moves a card. */
export const board: JobMappings = {
  card: {
    description: 'Open a card on the board, and follow it until it is settled',
    start: { tool: 'open_card', id: '/taskId' },
    status: {
      tool: 'read_card',
      arguments: { taskId: '{id}' },
      state: '/status',
      message: '/notes',
      map: {
        working: ['working'],
        input_required: ['input_required'],
        completed: ['completed'],
        failed: ['failed'],
        cancelled: ['cancelled'],
      },
      missing: 'Unknown task',
    },
    answer: {
      accept: { tool: 'move_card', arguments: { taskId: '{id}', status: 'completed', notes: '{answer}' } },
      decline: { tool: 'move_card', arguments: { taskId: '{id}', status: 'cancelled' } },
    },
    cancel: { tool: 'move_card', arguments: { taskId: '{id}', status: 'cancelled' } },
    list: { tool: 'list_cards', items: '/cards', id: '/taskId', state: '/status', title: '/title' },
    pollIntervalMs: 2_000,
    trusted: true,
  },
};
