import type { ContenderName, Errand, Say } from './contender.ts';
import { driveExtTasks } from './drive-ext-tasks.ts';
import { driveOurs } from './drive-ours.ts';
import { driveSdkV1 } from './drive-sdk-v1.ts';

const drivers: Readonly<Record<ContenderName, (errand: Errand, say: Say) => Promise<void>>> = {
  ours: driveOurs,
  'ext-tasks': driveExtTasks,
  'sdk-v1': driveSdkV1,
};

const errand = JSON.parse(process.argv[2] ?? '') as Errand;
const say: Say = (word) => void process.stdout.write(`${JSON.stringify(word)}\n`);
try {
  await drivers[errand.contender](errand, say);
} catch (error) {
  const { message, cause } = error as Error;
  const reason = cause instanceof Error ? ` (${cause.message})` : '';
  say({ kind: 'ended', status: 'threw', words: `${message}${reason}` });
}
