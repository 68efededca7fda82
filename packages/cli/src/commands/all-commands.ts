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

/** Commands that begin at a server, in the order of the help. */
const OF_SERVERS = [
  declareWatch,
  declareCall,
  declareTools,
  declareBridge,
  declareServers,
  declareAllow,
  declareDoctor,
  declareLogout,
  declareDemo,
];

/** Commands that begin at a record, in the order of the help. */
const OF_TASKS = [
  declareFollow,
  declareList,
  declareGet,
  declareResult,
  declareRerun,
  declareWait,
  declareAnswer,
  declareCancel,
  declareForget,
  declarePrune,
  declareKeepers,
  declareWorkers,
  declareStore,
  declareCompletion,
];

/** Every command. Each loads its code only when it is the one that runs. */
export function declareCommands(program: Command, declaring: Declaring): void {
  program.commandsGroup('Servers:');
  for (const declare of OF_SERVERS) declare(program, declaring);
  program.commandsGroup('Tasks:');
  for (const declare of OF_TASKS) declare(program, declaring);
  program.commandsGroup('');
}
