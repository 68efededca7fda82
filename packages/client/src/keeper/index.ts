export { callKey } from './call-key.ts';
export { type KeeperName, type KeeperPlace, keeperPlace, keeperSockets } from './keeper-place.ts';
export type { KeeperHello, StartReply, StartRequest } from './keeper-protocol.ts';
export { PeerError } from './peer.ts';
export { type KeeperLine, type ReachOptions, reachKeeper } from './reach-keeper.ts';
export { type Keeper, type KeeperOptions, removeStaleSocket, serveKeeper } from './serve-keeper.ts';
