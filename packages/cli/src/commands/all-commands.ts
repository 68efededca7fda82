import type { Command } from 'commander';
import { declareAllow } from './allow/declare-allow.ts';
import { declareAnswer } from './answer/declare-answer.ts';
import { declareBridge } from './bridge/declare-bridge.ts';
import { declareCall } from './call/declare-call.ts';
import { declareCancel } from './cancel/declare-cancel.ts';
import { declareCompletion } from './completion/declare-completion.ts';
import type { Declaring } from './declaring.ts';
import { declareDemo } from './demo/declare-demo.ts';
import { declareDoctor } from './doctor/declare-doctor.ts';
import { declareFollow } from './follow/declare-follow.ts';
import { declareForget } from './forget/declare-forget.ts';
import { declareGet } from './get/declare-get.ts';
import { declareKeepers } from './keepers/declare-keepers.ts';
import { declareList } from './list/declare-list.ts';
import { declareLogout } from './logout/declare-logout.ts';
import { declarePrune } from './prune/declare-prune.ts';
import { declareRerun } from './rerun/declare-rerun.ts';
import { declareResult } from './result/declare-result.ts';
import { declareServers } from './servers/declare-servers.ts';
import { declareStore } from './store/declare-store.ts';
import { declareTools } from './tools/declare-tools.ts';
import { declareWait } from './wait/declare-wait.ts';
import { declareWatch } from './watch/declare-watch.ts';
import { declareWorkers } from './workers/declare-workers.ts';

type Declare = (program: Command, declaring: Declaring) => void;

/** Commands on servers, in the order of the help. */
const OF_SERVERS: Readonly<Record<string, Declare>> = {
  watch: declareWatch,
  call: declareCall,
  tools: declareTools,
  bridge: declareBridge,
  servers: declareServers,
  allow: declareAllow,
  doctor: declareDoctor,
  logout: declareLogout,
  demo: declareDemo,
};

/** Commands on tasks, in the order of the help. */
const OF_TASKS: Readonly<Record<string, Declare>> = {
  follow: declareFollow,
  list: declareList,
  get: declareGet,
  result: declareResult,
  rerun: declareRerun,
  wait: declareWait,
  answer: declareAnswer,
  cancel: declareCancel,
  forget: declareForget,
  prune: declarePrune,
  keepers: declareKeepers,
  workers: declareWorkers,
  store: declareStore,
  completion: declareCompletion,
};

/**
 * Declares all commands, or only the one named: declaring the flags of all takes longer than opening the records. A
 * command's code loads when it runs.
 */
export function declareCommands(program: Command, declaring: Declaring, name: string | undefined): void {
  const only = declarationOf(name);
  if (only !== undefined) {
    only(program, declaring);
    return;
  }
  program.commandsGroup('Servers:');
  for (const declare of Object.values(OF_SERVERS)) declare(program, declaring);
  program.commandsGroup('Tasks:');
  for (const declare of Object.values(OF_TASKS)) declare(program, declaring);
  program.commandsGroup('');
}

function declarationOf(name = ''): Declare | undefined {
  const table = [OF_SERVERS, OF_TASKS].find((each) => Object.hasOwn(each, name));
  return table?.[name];
}
