/** One call, as the test gives it to a client: the server's command, the tool, its arguments, and the client's limit. */
export function readCall() {
  const { command, tool, args, limitMs } = JSON.parse(process.argv[2]);
  const [program, ...words] = command;
  return { server: { command: program, args: words }, tool, args, limitMs };
}

export function print(result) {
  process.stdout.write(`${typeof result === 'string' ? result : JSON.stringify(result)}\n`);
}
