import type { GatewayConfig } from '../../../gateway/config.js';
import { panelOf } from '../../../gateway/open-panel.js';
import { callerOf } from '../../../gateway/panel-call.js';
import { PANELS } from '../../../gateway/panels.js';
import { openUpstream } from '../../../gateway/upstream.js';
import { type Finding, ok, problem, warning } from './finding.js';

/** What answers without the panel's login, because the configuration says so. */
export async function openPaths(config: GatewayConfig): Promise<readonly Finding[]> {
  const { public: paths, passThrough } = config.paths;
  if (paths.length === 0 && passThrough.length === 0)
    return [ok("The configuration opens no paths besides the panel's own public pages.")];
  const listed = paths.map(({ path, methods }) => `${path} (${methods.join(', ')})`);
  const open =
    listed.length > 0 ? [ok(`Anybody reaches these paths, by paths.public: ${listed.join(', ')}.`)] : [];
  return [...open, ...(await Promise.all(passThrough.map((folder) => passing(config, folder))))];
}

/** Whatever sets the panel's own session is the panel, under whatever name. */
async function passing(config: GatewayConfig, folder: string): Promise<Finding> {
  const { upstream: url, upstreamCertificate: certificate, plugin } = config;
  const pool = openUpstream({ url, seconds: 10, certificate });
  try {
    const { host } = new URL(plugin.publicUrl);
    const answer = await callerOf(pool)({ target: folder, headers: { host } });
    if (panelOf(config, PANELS).kind.signs.isPanel(answer)) {
      const text = `${folder} passes through without 2FA, and it is the panel that answers there.`;
      return problem(text, 'Take it out of paths.passThrough.');
    }
  } catch {
    // Whether the panel answers at all is said elsewhere.
  } finally {
    await pool.destroy();
  }
  const text = `${folder} passes through untouched, by paths.passThrough: 2FA does not protect what is there.`;
  return warning(text, 'Take it out if you do not need it at this address.');
}
