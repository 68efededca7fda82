/** Reason for cancelling a request whose client has disconnected. */
export const CLIENT_LEFT = 'The client has left the connection';
