// Needs nothing but Node and npm: installs the pinned pnpm's dependencies when the lockfile changed,
// builds when asked, then runs the named job. `npm test`, `npm run demo` and friends all come through here.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [job, ...rest] = process.argv.slice(2);
const node = process.execPath;
const cli = `${root}packages/cli/bin/mcp-tasks.js`;

function run(command, args, { cwd = root, quiet = false, env = process.env } = {}) {
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
  });
  if (status === 0) return;
  if (quiet) process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  process.exit(signal ? 130 : (status ?? 1));
}

function bin(name) {
  return `${root}node_modules/.bin/${name}`;
}

function install() {
  const stamp = `${root}node_modules/.lockfile-hash`;
  const hash = createHash('sha256').update(readFileSync(`${root}pnpm-lock.yaml`)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  process.stderr.write('Installing dependencies (once)…\n');
  const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const pnpm = packageManager.split('+')[0];
  // pnpm would otherwise try to switch to its own pinned version by a download of its own.
  const env = { ...process.env, npm_config_manage_package_manager_versions: 'false', CI: 'true' };
  run('npm', ['exec', '--yes', '--', pnpm, 'install', '--frozen-lockfile'], { quiet: true, env });
  writeFileSync(stamp, hash);
}

function build({ quiet = false } = {}) {
  run(bin('tsc'), ['-b', 'packages/client', 'packages/cli', 'examples'], { quiet });
  run(bin('tsdown'), ['--logLevel', 'warn'], { cwd: `${root}packages/cli`, quiet });
}

const jobs = {
  build: () => build(),
  check() {
    build({ quiet: true });
    run(bin('biome'), ['check', '--error-on-warnings', '.']);
    run(bin('tsc'), ['-b']);
    run(bin('knip'), []);
  },
  test() {
    build({ quiet: true });
    run(bin('vitest'), ['run', ...rest]);
  },
  demo() {
    build({ quiet: true });
    run(node, [cli, 'watch', 'demo', ...rest]);
  },
  'mcp-tasks'() {
    if (!existsSync(`${root}packages/cli/dist/bundle/bin.js`)) build({ quiet: true });
    run(node, [cli, ...rest]);
  },
};

if (!Object.hasOwn(jobs, job)) {
  process.stderr.write(`Unknown job "${job}". Jobs: ${Object.keys(jobs).join(', ')}\n`);
  process.exit(2);
}
install();
jobs[job]();
