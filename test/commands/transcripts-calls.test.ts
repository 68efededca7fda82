import { afterAll, beforeAll, test } from 'vitest';
import { type Demo, freshHome, idOf, serveDemo } from './support.ts';
import { Transcript } from './transcript.ts';

let demo: Demo;
/** Applies answers after a delay, so that the next state appears after the command has ended. */
let slowDemo: Demo;

beforeAll(async () => {
  demo = await serveDemo(freshHome());
  slowDemo = await serveDemo(freshHome(), '--chaos', 'slow-ack=2000');
});
afterAll(async () => {
  await demo.stop();
  await slowDemo.stop();
});

test('a tool that returns at once creates no task', async () => {
  const script = new Transcript({ home: freshHome() });
  await script.piped('call', demo.url, 'hello', '--arg', 'name=Ada');
  await script.piped('call', demo.url, 'hello', '--json');
  await script.typed(['call', demo.url, 'echo', '--arg', 'text=hi']);
  await script.piped('call', demo.url, 'hello', '--jsonl');
  await script.matches('call-at-once');
});

test('call follows a task to its end, and the outcome sets the exit code', async () => {
  const script = new Transcript({ home: freshHome() });
  await script.piped('call', demo.url, 'report', '--arg', 'topic=Latency');
  await script.typed(['call', demo.url, 'report']);
  await script.piped('call', demo.url, 'import');
  await script.piped('call', demo.url, 'check');
  await script.piped('call', demo.url, 'import', '--json');
  await script.piped('call', demo.url, 'batch', '--arg', 'items=3600', '--timeout', '6s');
  await script.matches('call-task');
});

test('without a terminal a question ends the call, and another command answers it', async () => {
  const home = freshHome();
  const script = new Transcript({ home });
  await script.piped('call', slowDemo.url, 'release', '--arg', 'version=3.0.0');
  const id = await idOf(home, 'release');
  await script.piped('get', id);
  await script.piped('result', id);
  await script.piped('answer', id);
  await script.piped('answer', id, '--accept', 'approve=perhaps');
  await script.piped('answer', id, '--accept', '--decline');
  await script.piped('answer', id, 'aproval', '--decline');
  await script.piped('answer', id, '--accept', 'approve=true', 'note=go ahead');
  await script.piped('wait', id, '--json');
  await script.piped('answer', id, '--json', '{"strategy":"rolling"}');
  await script.piped('wait', id);
  await script.piped('answer', id, '--decline');
  await script.matches('answer');
});

test('a question by URL shows the whole URL, also without a form', async () => {
  const home = freshHome();
  const script = new Transcript({ home });
  await script.piped('call', demo.url, 'sign-in');
  await script.piped('get', await idOf(home, 'sign-in'));
  await script.matches('question-by-url');
});

test('several questions are listed by key and answered one by one', async () => {
  const home = freshHome();
  const script = new Transcript({ home });
  await script.piped('call', slowDemo.url, 'survey');
  const id = await idOf(home, 'survey');
  await script.piped('answer', id, '--accept');
  await script.piped('answer', id, 'visit', '--accept', 'rating=5', 'topics=ops,ux');
  await script.piped('answer', id, 'you', '--decline');
  await script.piped('wait', id);
  await script.matches('answer-several');
});

test('questions before the task are saved too, and answered one after the other', async () => {
  const home = freshHome();
  const script = new Transcript({ home });
  await script.piped('call', slowDemo.url, 'confirm-first', '--arg', 'path=/srv/old');
  const id = await idOf(home, 'confirm-first');
  await script.piped('answer', id, '--accept', 'confirm=true');
  await script.piped('answer', id, '--accept', 'reason=obsolete');
  await script.piped('wait', id);
  await script.piped('answer', id, '--accept', 'confirm=true');
  await script.piped('wait', id);
  await script.matches('answer-before-task');
});

test('at a terminal call and answer show a question as a form', async () => {
  const home = freshHome();
  const script = new Transcript({ home });
  await script.typed(['call', demo.url, 'release'], async (tty) => {
    await tty.waitFor('Approve');
    tty.press('escape');
    await tty.waitForOutput('Ctrl-C leaves, and the task keeps running');
    tty.press('ctrlC');
  });
  const id = await idOf(home, 'release');
  await script.typed(['answer', id], async (tty) => {
    await tty.waitFor('Approve');
    tty.press('ctrlC');
  });
  await script.typed(['answer'], async (tty) => {
    await tty.waitFor('Answer which task?');
    tty.press('enter');
    await tty.waitFor('Approve');
    tty.press('ctrlR');
    await tty.waitFor('Decline');
    tty.press('escape');
  });
  await script.matches('answer-at-a-terminal');
});

test('--jsonl prints events instead of lines', async () => {
  const home = freshHome();
  const script = new Transcript({ home });
  await script.piped('watch', slowDemo.url, '--jsonl');
  await script.piped('call', slowDemo.url, 'release', '--jsonl');
  const id = await idOf(home, 'release');
  await script.piped('answer', id, '--decline');
  await script.piped('watch', slowDemo.url, '--jsonl');
  await script.piped('watch', '--json');
  await script.typed(['watch', slowDemo.url, '--no-ui']);
  await script.matches('events');
});
