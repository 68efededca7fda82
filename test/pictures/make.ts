// Draws the pictures of the documentation from real runs in a pseudo-terminal: `npm run pictures`, or one: `npm run
// pictures -- form`.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endKeepers } from '../commands/support.ts';
import { startFourKinds } from '../kinds/four-kinds.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';
import { drawTerminal } from './draw-terminal.ts';

const BIN = fileURLToPath(new URL('../../packages/cli/bin/mcp-tasks.js', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const COLUMNS = 96;

const home = mkdtempSync(join(tmpdir(), 'mcp-tasks-pictures-'));
const bin = join(home, 'bin');
mkdirSync(bin);
symlinkSync(process.execPath, join(bin, 'node'));
symlinkSync(BIN, join(bin, 'mcp-tasks'));

/** A shell with `mcp-tasks` installed. */
function openShell(name: string, rows: number, columns = COLUMNS): Terminal {
  return openTerminal('bash', ['--norc', '--noprofile'], {
    columns,
    rows,
    cwd: home,
    env: {
      PATH: `${bin}:${process.env.PATH ?? ''}`,
      HOME: home,
      MCP_TASKS_HOME: join(home, name, 'state'),
      PS1: '\\[\\e[1;32m\\]$\\[\\e[0m\\] ',
      BASH_SILENCE_DEPRECATION_WARNING: '1',
    },
  });
}

/** Types a command and waits for this output. */
async function enter(terminal: Terminal, command: string, shows: string | RegExp): Promise<void> {
  await terminal.waitFor(/\$$/);
  terminal.write(`${command}\r`);
  await terminal.waitFor(shows, 60_000);
}

function savePicture(name: string, terminal: Terminal, rows: number, title: string, columns = COLUMNS): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.svg`), drawTerminal(terminal, { columns, rows, title }));
  process.stdout.write(`docs/pictures/${name}.svg\n`);
}

async function liveView(): Promise<void> {
  const rows = 14;
  await using terminal = openShell('live-view', rows);
  await enter(terminal, 'mcp-tasks watch demo', /1 needs input[\s\S]*Reading \w+ \(/);
  savePicture('watch', terminal, rows, 'mcp-tasks watch demo');
  terminal.write('a');
  await terminal.waitFor('Approve');
  terminal.write('y');
  await terminal.waitFor('(x) yes');
  terminal.press('enter');
  await terminal.waitFor(/❯ Note/);
  terminal.write('after lunch');
  await terminal.waitFor('after lunch');
  savePicture('question', terminal, rows, 'mcp-tasks watch demo');
  terminal.press('escape');
  const tall = 18;
  terminal.resize(COLUMNS, tall);
  await terminal.waitFor('q leave');
  terminal.write('q');
  const left = await terminal.waitFor(/mcp-tasks[\s\S]*\n\$$/);
  const id = /(\w{6}) +release/.exec(left)?.[1] ?? '';
  await enter(
    terminal,
    `mcp-tasks answer ${id} --accept approve=true note="after lunch"`,
    /reached the server[\s\S]*\n\$$/,
  );
  savePicture('leaving', terminal, tall, 'bash');
}

async function form(): Promise<void> {
  const rows = 20;
  await using terminal = openShell('form', rows);
  await enter(terminal, 'mcp-tasks call demo survey', 'Enter next');
  terminal.write('Ada Lovelace');
  await terminal.waitFor('Ada Lovelace');
  terminal.press('enter');
  await terminal.waitFor(/❯ Email/);
  terminal.write('ada.example.com');
  await terminal.waitFor('ada.example.com');
  terminal.press('enter');
  await terminal.waitFor('must be an e-mail address');
  savePicture('form', terminal, rows, 'mcp-tasks call demo survey');
}

async function plainOutput(): Promise<void> {
  const rows = 22;
  await using terminal = openShell('plain', rows);
  await enter(terminal, 'mcp-tasks call demo report --no-ui', 'slowest region');
  await enter(terminal, 'mcp-tasks list', /ID +TOOL[\s\S]*\n\$$/);
  savePicture('plain', terminal, rows, 'bash');
}

/** One configured server of each kind. */
async function fourKindsOfWork(): Promise<void> {
  const rows = 10;
  const columns = 108; // the server column appears from 100 columns on
  const { kinds, targets, stop } = await startFourKinds(home);
  try {
    await using terminal = openShell('four-kinds', rows, columns);
    const { task, item, job, message } = kinds;
    for (const { begin } of [job, item, message, task]) {
      await enter(terminal, `clear; ${commandOf(begin)} --detach`, /Wait for it: .*\n\$$/);
    }
    await targets.board.done(targets.board.first);
    await enter(
      terminal,
      'clear; mcp-tasks watch',
      /^(?![\s\S]*connecting)[\s\S]*3 need input · 1 running[\s\S]*compiling/,
    );
    savePicture('four-kinds', terminal, rows, 'mcp-tasks watch', columns);
    terminal.write('q');
    await terminal.waitFor(/\$$/);
  } finally {
    await stop();
  }
}

function commandOf(words: readonly string[]): string {
  return ['mcp-tasks', ...words].map((word) => (/\s/.test(word) ? `'${word}'` : word)).join(' ');
}

const pictures = { liveView, form, plainOutput, fourKindsOfWork };

try {
  const [only] = process.argv.slice(2);
  for (const [name, make] of Object.entries(pictures)) if (only === undefined || only === name) await make();
} finally {
  endKeepers(readdirSync(home).map((name) => join(home, name)));
  rmSync(home, { recursive: true, force: true });
}
