/** Keys of `_meta` in 2026-07-28. The SDK names them too, in a module that loads all its schemas. */
export const PROTOCOL_VERSION = 'io.modelcontextprotocol/protocolVersion';
export const CLIENT_CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
export const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo';
export const SERVER_INFO = 'io.modelcontextprotocol/serverInfo';
