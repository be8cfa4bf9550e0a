import type { GatewayConfig } from '../../../gateway/config.js';
import { openLog } from '../../../gateway/log.js';
import { openPanel, panelOf } from '../../../gateway/open-panel.js';
import { pageFileOf, readPageFile } from '../../../gateway/page-file.js';
import { PANELS } from '../../../gateway/panels.js';
import { type Finding, ok, problem, reasonOf, warning } from './finding.js';

const MOST_RIGHTS = 5;

/** Can it be read, and by a user who can do no more than that? */
export async function panelDatabase(config: GatewayConfig): Promise<Finding> {
  try {
    await (await openPanel(config, PANELS, openLog('silent'))).close();
    return await rights(config);
  } catch (error) {
    return problem(
      `${reasonOf(error)}.`,
      'Check panel.database, and compare its user with deploy/ispconfig-grants.sql.',
    );
  }
}

async function rights(config: GatewayConfig): Promise<Finding> {
  const { kind, settings } = panelOf(config, PANELS);
  const excess = await kind.signs.excessRights(settings);
  if (excess.length === 0)
    return ok("The panel's database can be read, and our user there can do nothing else.");
  const list = excess.slice(0, MOST_RIGHTS).map(({ text }) => text);
  const more = excess.length > MOST_RIGHTS ? ` and ${excess.length - MOST_RIGHTS} more` : '';
  const text = `Our user in the panel's database has rights that it does not need: ${list.join(', ')}${more}.`;
  const found = excess.every(({ onlyReads }) => onlyReads) ? warning : problem;
  return found(text, 'Drop it, and create it again with deploy/ispconfig-grants.sql.');
}

const TRY =
  'It works as long as the pages are alike: try a login, a code and User Settings after each update of the panel.';
const OPTIONAL = 'the last line of deploy/ispconfig-grants.sql';

/** Is it a version that the gateway was run in front of? None is refused for it. */
export async function version(config: GatewayConfig): Promise<Finding> {
  const { kind, settings } = panelOf(config, PANELS);
  try {
    const found = await kind.signs.version(settings);
    if (!found) return warning('The panel does not say its version.', TRY);
    if (found.isSeen) return ok(`The panel is version ${found.text}, on which the gateway was tried.`);
    return warning(
      `The panel is version ${found.text}; the gateway was tried on ${found.seen.join(', ')}.`,
      TRY,
    );
  } catch (error) {
    return problem(`The panel's version cannot be read: ${reasonOf(error)}.`, 'Check panel.database.');
  }
}

/** May users with the panel's own TOTP take its key over? */
export async function takeOver(config: GatewayConfig): Promise<Finding> {
  const { kind, settings } = panelOf(config, PANELS);
  try {
    if (await kind.signs.mayReadTotp(settings)) {
      return ok(
        "Users with the panel's own TOTP are offered to take it over: our user may read its keys, which the panel keeps unencrypted.",
      );
    }
    return ok(
      `Users with the panel's own TOTP are not offered to take it over. If you want them to be, see ${OPTIONAL}.`,
    );
  } catch (error) {
    return problem(
      `The rights of our user in the panel's database cannot be tried: ${reasonOf(error)}.`,
      'Check panel.database.',
    );
  }
}

/** Does somebody wait at his login for what an add-on of the panel wants, and nothing is open to him? */
export async function loginSteps(config: GatewayConfig): Promise<Finding> {
  const { kind, settings } = panelOf(config, PANELS);
  try {
    const unknown = await kind.signs.unknownSteps(settings);
    if (unknown.length === 0) return ok('No login waits for a step of the panel that is not known.');
    return warning(
      `Logins wait for steps of the panel that are not known, and nothing is open to them: ${unknown.join('; ')}.`,
      'If an add-on of the panel does this, name its page in panel.loginSteps: see docs/configuration.md.',
    );
  } catch (error) {
    return problem(`The logins that wait cannot be read: ${reasonOf(error)}.`, 'Check panel.database.');
  }
}

/** Were there pages, as the themes of the panel show them, that the running gateway could not put its part into? */
export function pages(config: GatewayConfig): Finding | readonly Finding[] {
  const file = pageFileOf(config);
  try {
    const unknown = readPageFile(file);
    if (unknown.length === 0) return ok('The gateway has recognised every page that it puts its part into.');
    return unknown.map(({ path, theme }) =>
      warning(
        `The gateway does not recognise ${path} in the theme ${JSON.stringify(theme)}: it passes without our part.`,
        'Users of that theme find their settings in the side menu. See "Themes" in docs/configuration.md.',
      ),
    );
  } catch (error) {
    return warning(`Which pages are unknown cannot be read: ${reasonOf(error)}.`, `Remove ${file}.`);
  }
}

/** Who knows the id of a session before somebody logs in to it knows it afterwards. */
export async function sessionIds(config: GatewayConfig): Promise<readonly Finding[]> {
  const { kind, settings } = panelOf(config, PANELS);
  const ids = kind.signs.sessionIds?.(settings);
  if (!ids) return [];
  const setting = `${ids.name}=${ids.value}`;
  try {
    if (await ids.renews()) return [ok('The panel opens a session of a new id at each login.')];
    const text = `The panel keeps the id of a session at a login: in ${ids.file} there is no ${setting}.`;
    return [problem(text, `Set ${setting} there, and try a login.`)];
  } catch (error) {
    const text = `Whether the panel opens a session of a new id at each login cannot be read: ${reasonOf(error)}.`;
    return [warning(text, `Run this as root where the panel is; its ${ids.file} must have ${setting}.`)];
  }
}

/** An untrusted proxy in front of us makes everybody one client: one person's failed logins lock everybody out. */
export function clientAddresses({ trustedProxies, tls, plugin }: GatewayConfig): Finding {
  const hasProxy = plugin.publicUrl.startsWith('https:') && !tls;
  if (hasProxy && trustedProxies.length === 0) {
    const text =
      'Something in front of the gateway terminates https, and trustedProxies is empty: all clients appear to have its address.';
    return problem(text, 'Add its address to trustedProxies.');
  }
  const from = trustedProxies.length > 0 ? `what ${trustedProxies.join(', ')} says` : 'the connection';
  return ok(
    `The gateway takes a client's address from ${from}. Check the panel's log of failed logins: it should show the client's address, not the gateway's.`,
  );
}
