/** Replaces `node:child_process` in the bundled commander: none of our commands is a program of its own. */
export function spawn(name: string): never {
  throw new Error(`${name} is no program of this command`);
}
