import { Steps } from './pages/steps.js';
import { PanelDatabase } from './people/panel-database.js';
import { readSessionData } from './sessions/session-data.js';
import { knownNames } from './sessions/session-names.js';
import { UnfitSession } from './sessions/unfit-session.js';

export interface AddOns {
  /** What add-ons of the panel put at the top of its sessions, exactly. */
  readonly sessionNames?: readonly string[];
  /** What an add-on puts beside a login that waits for its own step, and the paths that are open then, its page first. */
  readonly loginSteps?: Readonly<Record<string, readonly string[]>>;
}

const MOST_ROWS = 500;
const WAITING = `SELECT CAST(session_data AS BINARY) AS data FROM sys_session
  WHERE LOCATE('s_pending|', session_data) > 0 ORDER BY date_created DESC LIMIT ${MOST_ROWS}`;

/** All names that are known at the top of a session. */
export function namesOf({ sessionNames = [], loginSteps = {} }: AddOns): ReadonlySet<string> {
  return knownNames([...sessionNames, ...Object.keys(loginSteps)]);
}

/** For what logins wait now that nobody knows: what stands in their sessions. Rejects when the database cannot be asked. */
export async function unknownSteps(settings: AddOns & { readonly database: string }): Promise<string[]> {
  const names = namesOf(settings);
  const found: string[] = [];
  const tell = (marks: readonly string[]) => void found.push(marks.join(' and ') || 's_pending');
  const steps = new Steps({ names, ofAddOns: settings.loginSteps ?? {}, tell });
  const database = new PanelDatabase(settings.database);
  try {
    for (const { data } of await database.rows<{ data: Buffer }>(WAITING, [])) {
      const waiting = waitingIn(data, names);
      if (waiting) steps.of(waiting.beside);
    }
  } finally {
    await database.close();
  }
  return found;
}

/** A session that cannot be read is ended at its next request, and stands in the audit log. */
function waitingIn(data: Buffer, names: ReadonlySet<string>) {
  try {
    return readSessionData(data, names).waiting;
  } catch (error) {
    if (error instanceof UnfitSession) return undefined;
    throw error;
  }
}
