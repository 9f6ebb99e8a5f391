// Records docs/session.cast and docs/images/session.svg: the Thursday morning of the recorded account, each command really run in a
// terminal (util-linux' script). `npm run build && node scripts/terminal-session.mjs`; with --check it only compares. The clock is the
// recording's, so that the same code gives the same bytes; the pace of typing is made up.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svgOf } from './terminal-svg.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLI = join(ROOT, 'dist', 'src', 'cli', 'main.js');
const DEMO = join(ROOT, 'examples', 'demo');
const FILES = { cast: join(ROOT, 'docs', 'session.cast'), svg: join(ROOT, 'docs', 'images', 'session.svg') };
const SCREEN = { columns: 104, rows: 38 };
const PROMPT = '\u001b[32m$\u001b[39m ';
const PACE = { key: 0.04, answer: 0.4, reading: 6 }; // seconds

const folder = mkdtempSync(join(tmpdir(), 'drifttrail-session-'));
const dir = join(folder, 'ops');
const manifest = JSON.parse(readFileSync(join(DEMO, 'manifest.json'), 'utf8'));
const now = Date.parse(manifest.reference);

function environment(moment) {
  return {
    PATH: `${folder}:${process.env.PATH}`,
    HOME: folder,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    TERM: 'xterm-256color',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    NODE_OPTIONS: `--import=${join(ROOT, 'scripts', 'terminal-clock.mjs')}`,
    TERMINAL_CLOCK: new Date(moment).toISOString(),
  };
}

function run(moment, command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    env: environment(moment),
    timeout: 120_000,
    encoding: 'utf8',
    ...options,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

/** A deployment of the recorded account alone: this machine is nobody's business here. */
function makeDemo() {
  writeFileSync(join(folder, 'drifttrail'), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`);
  chmodSync(join(folder, 'drifttrail'), 0o755);
  run(now + manifest.phases[0].offsetSeconds * 1000, 'drifttrail', ['init', dir]);
  writeFileSync(join(dir, 'state', 'key'), Buffer.alloc(32, 'session'));
  for (const { answers, offsetSeconds } of manifest.phases) {
    const exporter = { use: 'aws', replay: join(DEMO, answers), regions: manifest.regions };
    const trail = { use: 'files', files: [join(DEMO, manifest.trail)] };
    writeFileSync(join(dir, 'drifttrail.yaml'), JSON.stringify({ exporters: [exporter], trail: [trail] }), { mode: 0o600 });
    run(now + offsetSeconds * 1000, 'drifttrail', ['--dir', dir, 'snapshot']);
  }
}

/** What the terminal shows of a command. */
function shown(command) {
  const inner = `stty cols ${SCREEN.columns} rows ${SCREEN.rows}; ${command}`;
  return run(now, 'script', ['-qefc', inner, '/dev/null'], { cwd: dir, input: '' }).replaceAll('\r\n', '\n');
}

function castOf(scenes) {
  const header = { version: 2, width: SCREEN.columns, height: SCREEN.rows, timestamp: now / 1000, env: { TERM: 'xterm-256color' } };
  const events = [];
  let time = 0;
  const say = (after, text) => {
    time += after;
    events.push([Math.round(time * 1000) / 1000, 'o', text]);
  };
  for (const { command, output } of scenes) {
    say(0, PROMPT);
    for (const key of command) say(PACE.key, key);
    say(PACE.answer, `\r\n${output.replaceAll('\n', '\r\n')}`);
    time += PACE.reading;
  }
  say(0, PROMPT);
  return `${[header, ...events].map((line) => JSON.stringify(line)).join('\n')}\n`;
}

function requireAnonymous(text) {
  const own = [folder, ROOT.replace(/\/$/, ''), tmpdir(), hostname(), userInfo().username === 'root' ? '/root' : userInfo().username];
  const found = own.find((name) => name.length > 3 && text.includes(name));
  if (found === undefined) return;
  const at = text.indexOf(found);
  throw new Error(`the session tells of this machine: …${text.slice(Math.max(0, at - 100), at + 60)}…`);
}

try {
  makeDemo();
  const { findings } = JSON.parse(run(now, 'drifttrail', ['--dir', dir, 'report', '--json']));
  const [worst] = findings;
  const commands = [
    'drifttrail report | head -n 30',
    `drifttrail timeline --at ${manifest.reference.slice(0, 16)}Z --before 24h | head -n 30`,
    `drifttrail why ${worst.resource.path}`,
    `drifttrail show --no-patch ${worst.id}`,
    `drifttrail undo ${worst.id}`,
  ];
  const scenes = commands.map((command) => ({ command, output: shown(`export FORCE_COLOR=1; ${command}`) }));
  const made = {
    cast: castOf(scenes),
    svg: svgOf(
      scenes.map(({ command, output }) => `${PROMPT}${command}\n${output}`),
      { ...SCREEN, seconds: PACE.reading, label: 'A terminal: drifttrail report, timeline, why, show and undo on the recorded account' },
    ),
  };
  for (const [name, text] of Object.entries(made)) {
    requireAnonymous(text);
    if (!process.argv.includes('--check')) writeFileSync(FILES[name], text);
    else if (readFileSync(FILES[name], 'utf8') !== text)
      throw new Error(`${FILES[name]} is not what the commands say now: node scripts/terminal-session.mjs`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
