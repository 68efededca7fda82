import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandToPaste } from '../../packages/cli/src/display/quote-command.ts';
import { freshHome, run } from '../commands/support.ts';
import { verifies } from '../faults/scenarios.ts';
import { type HostileServer, startHostile } from './hostile-server.ts';
import { installCommands, isMissing, openShell, SHELLS } from './shells.ts';

/** A shell that ran one of these names would create this file in its directory. */
const MARK = 'pwned';
const NAMES = [
  `x;touch\${IFS}${MARK};:`,
  `y$(touch ${MARK})`,
  `z\`touch ${MARK}\``,
  `u'; touch ${MARK}; '`,
  `v\\'; touch ${MARK}; '`,
  `w"; touch ${MARK}; "`,
  `s & touch ${MARK} &`,
  `r\ntouch ${MARK}\n`,
  `q\rtouch ${MARK}\r`,
  `--exec=touch ${MARK}`,
];

let server: HostileServer;
let id = '';
const home = freshHome();
const project = join(home, 'project');

beforeAll(async () => {
  installCommands(home);
  server = await startHostile({ revision: '2026-07-28', keys: [...NAMES, 'plain'], text: 'text', tool: 'deploy' });
  await run(['call', server.url, 'deploy'], { home });
  id = JSON.parse((await run(['list', '--json'], { home })).stdout).tasks[0].task.id;
  mkdirSync(project);
  const mcpServers = Object.fromEntries([...NAMES, 'plain'].map((name) => [name, { command: 'no-such-command' }]));
  writeFileSync(join(project, '.mcp.json'), JSON.stringify({ mcpServers }));
});
afterAll(() => server.stop());

describe.each(SHELLS)('$name', (shell) => {
  test.skipIf(isMissing(shell))(
    verifies('S1', 'Tab and Enter on names of a server or a project run nothing'),
    async () => {
      await using term = await openShell(shell, home, project);
      const first = NAMES.map((name) => name[0] ?? '').filter((letter) => letter !== '-');
      const typed = [
        `answer ${id} `,
        'tools ',
        ...first.flatMap((letter) => [`answer ${id} ${letter}`, `tools ${letter}`]),
      ];
      for (const [at, words] of typed.entries()) {
        term.press('ctrlU');
        term.write(`mcp-tasks ${words}\t`);
        // A word after Tab shows that completion is over.
        term.write(`zz; echo "do""ne${at}"\r`);
        await term.waitForOutput(`\ndone${at}`);
        expect([words, existsSync(join(project, MARK))]).toEqual([words, false]);
      }
      term.press('ctrlU');
      term.write(`mcp-tasks answer ${id} pl\t`);
      await term.waitFor(`mcp-tasks answer ${id} plain`);
    },
  );

  test.skipIf(isMissing(shell))(
    verifies('S1', 'a pasted command passes hostile names literally, and runs nothing else'),
    async () => {
      await using term = await openShell(shell, home, project);
      const seen = join(home, 'seen');
      for (const name of NAMES) {
        rmSync(seen, { force: true });
        term.write(`${commandToPaste(['arguments', 'one', name, 'two'])}; echo "arri""ved"\r`);
        await expect.poll(() => existsSync(seen)).toBe(true);
        // Control characters are escaped, and a line break becomes a space.
        const shown = name.replace(/[\r\n]+/g, ' ').trim();
        expect(readFileSync(seen, 'utf8').split('\n')).toEqual(['one', shown, 'two', '']);
        expect([name, existsSync(join(project, MARK))]).toEqual([name, false]);
      }
    },
  );
});

/** Our commands in a text, each to the end of its line, as a person would copy it. */
const commandsIn = (text: string): readonly string[] =>
  text
    .split('\n')
    .flatMap((line) => /mcp-tasks (?:answer|call|tools|get|wait|result|forget|allow) .*/.exec(line)?.[0] ?? []);

test.skipIf(SHELLS.some(isMissing))(
  verifies('S1', 'every command that is printed for a hostile name is one command in every shell'),
  async () => {
    const options = { home, cwd: project };
    const printed: string[] = [];
    for (const words of [
      ['servers', '--no-connect'],
      ['get', id],
      ['call', server.url, 'deploy'],
      ['wait', id],
    ]) {
      const { stdout, stderr } = await run(words, options);
      printed.push(...commandsIn(stdout + stderr));
    }
    for (const name of NAMES) {
      const odd = await startHostile({ revision: '2026-07-28', keys: ['plain'], text: name });
      const { stdout, stderr } = await run(['tools', odd.url], options);
      await odd.stop();
      printed.push(...commandsIn(stdout + stderr));
      const target = `.mcp.json:${name}`;
      for (const words of [
        ['tools', target],
        ['doctor', target],
        ['call', target, 'nothing'],
      ]) {
        const output = await run(words, options);
        printed.push(...commandsIn(output.stdout + output.stderr));
      }
    }
    expect(printed.length).toBeGreaterThan(NAMES.length);
    for (const shell of SHELLS) {
      await using term = await openShell(shell, home, home);
      for (const [at, command] of printed.entries()) {
        term.write(`${command.replace('mcp-tasks', 'arguments')}; echo "do""ne${at}"\r`);
        await term.waitForOutput(`\ndone${at}`);
        expect([shell.name, command, existsSync(join(home, MARK))]).toEqual([shell.name, command, false]);
      }
    }
    expect(existsSync(join(project, MARK))).toBe(false);
  },
);
