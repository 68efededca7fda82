/** Replaces `node:child_process` in the bundled commander: no command of mcp-tasks is a separate program. */
export function spawn(name: string): never {
  throw new Error(`${name} is no program of this command`);
}
