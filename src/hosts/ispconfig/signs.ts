import type { PanelSigns } from '../panel-signs.js';
import { isOwn, LOGIN_PATH } from './pages/paths.js';
import { mayReadTotp } from './people/own-totp.js';
import { PanelDatabase } from './people/panel-database.js';
import { excessRights } from './people/rights.js';
import { versionOf } from './people/version.js';
import { renewsSessionId } from './security-settings.js';
import { SESSION_COOKIE } from './sessions/session-cookie.js';
import { type AddOns, unknownSteps } from './unknown-steps.js';

export { isOwnName } from './sessions/session-names.js';

type IspconfigSettings = AddOns & { readonly database: string; readonly securitySettings: string };

async function asking<Answer>(
  url: string,
  ask: (database: PanelDatabase) => Promise<Answer>,
): Promise<Answer> {
  const database = new PanelDatabase(url);
  try {
    return await ask(database);
  } finally {
    await database.close();
  }
}

/** Its login page opens a session for whoever has none. */
export const ispconfigSigns: PanelSigns<IspconfigSettings> = {
  page: LOGIN_PATH,
  isPanel: ({ headers }) =>
    [headers['set-cookie'] ?? []].flat().some((line) => line.startsWith(`${SESSION_COOKIE}=`)),
  owns: isOwn,
  excessRights: ({ database }) => excessRights(database),
  unknownSteps,
  version: ({ database }) => asking(database, versionOf),
  mayReadTotp: ({ database }) => asking(database, mayReadTotp),
  sessionIds: ({ securitySettings: file }) => ({
    file,
    name: 'session_regenerate_id',
    value: 'yes',
    renews: () => renewsSessionId(file),
  }),
};
