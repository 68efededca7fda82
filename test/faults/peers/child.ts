import type { ContenderName, Instructions, Report } from './contender.ts';
import { driveExtTasks } from './drive-ext-tasks.ts';
import { driveOurs } from './drive-ours.ts';
import { driveSdkV1 } from './drive-sdk-v1.ts';

const drivers: Readonly<Record<ContenderName, (instructions: Instructions, report: Report) => Promise<void>>> = {
  ours: driveOurs,
  'ext-tasks': driveExtTasks,
  'sdk-v1': driveSdkV1,
};

const instructions = JSON.parse(process.argv[2] ?? '') as Instructions;
const report: Report = (event) => void process.stdout.write(`${JSON.stringify(event)}\n`);
try {
  await drivers[instructions.contender](instructions, report);
} catch (error) {
  const { message, cause } = error as Error;
  const reason = cause instanceof Error ? ` (${cause.message})` : '';
  report({ kind: 'ended', status: 'threw', text: `${message}${reason}` });
}
