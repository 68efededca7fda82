export { assertPrivateDirectory } from '../store/sqlite/private-directory.ts';
export { callKey } from './call-key.ts';
export { type KeeperName, type KeeperPlace, keeperPlace, keeperSockets } from './keeper-place.ts';
export type { KeeperHello, KeeperNotice, StartReply, StartRequest } from './keeper-protocol.ts';
export { createKeptClient, type KeeperListeners, type KeptClient, type KeptClientOptions } from './kept-client.ts';
export { PeerError } from './peer.ts';
export { type KeeperLine, type ReachOptions, reachKeeper } from './reach-keeper.ts';
export { type Keeper, type KeeperOptions, removeStaleSocket, serveKeeper } from './serve-keeper.ts';
