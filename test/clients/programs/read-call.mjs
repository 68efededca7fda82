/**
 * The call that the test passes to a client: the server's command, the tool, its arguments, and the client's timeout.
 */
export function readCall() {
  const { command, tool, args, limitMs } = JSON.parse(process.argv[2]);
  const [program, ...words] = command;
  return { server: { command: program, args: words }, tool, args, limitMs };
}

export function print(result) {
  process.stdout.write(`${typeof result === 'string' ? result : JSON.stringify(result)}\n`);
}
