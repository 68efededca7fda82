import type { SessionStore } from '../../mcp-server/sessions.ts';
import { type Db, writeOptional } from '../journal.ts';

/** A session unused for this long is forgotten, in ms. */
const MAX_IDLE_MS = 30 * 86_400_000;
const MAX_SESSIONS = 10_000;

export function createSessionStore(db: Db): SessionStore {
  return {
    add(id, initialize) {
      const now = Date.now();
      db.prepare('DELETE FROM sessions WHERE at < ?').run(now - MAX_IDLE_MS);
      db.prepare('DELETE FROM sessions WHERE id IN (SELECT id FROM sessions ORDER BY at DESC LIMIT -1 OFFSET ?)').run(
        MAX_SESSIONS - 1,
      );
      db.prepare('INSERT INTO sessions VALUES (?, ?, ?)').run(id, JSON.stringify(initialize), now);
    },
    find(id) {
      const row = db.prepare('SELECT initialize FROM sessions WHERE id = ?').get(id);
      return (row as { initialize: string } | undefined)?.initialize;
    },
    touch(id) {
      writeOptional(db, 'UPDATE sessions SET at = ? WHERE id = ?', Date.now(), id);
    },
    remove(id) {
      db.prepare('DELETE FROM sessions WHERE id = ?').run(id);
    },
  };
}
