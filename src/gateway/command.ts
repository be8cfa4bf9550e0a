import { parseArgs } from 'node:util';
import { checkFiles } from './check-files.js';
import { loadConfig } from './config.js';
import { openLog } from './log.js';
import { leaveRoot } from './own-paths.js';
import type { Panels } from './panel-kind.js';
import { startGateway } from './server.js';

export const GATEWAY_HELP = `panel-2fa gateway --config FILE [--check]: two-factor authentication in front of a panel

  --config FILE    the configuration, as docs/configuration.md describes it
  --check          only check the configuration

Secrets may come from the environment: PANEL_2FA_DATABASE, PANEL_2FA_REDIS, PANEL_2FA_PANEL_DATABASE.`;

/** Runs the gateway until SIGINT or SIGTERM; throws an Error with a clear message when it cannot start. */
export async function gatewayCommand(args: readonly string[], panels: Panels): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string' },
      check: { type: 'boolean', default: false },
    },
  });
  if (!values.config) throw new Error('Say where the configuration is: --config FILE');
  const config = loadConfig(values.config, panels, process.env);
  leaveRoot(config);
  if (values.check) {
    checkFiles(config);
    console.log(`${values.config} is right.`);
    return;
  }
  const log = openLog(config.logLevel);
  const gateway = await startGateway(config, panels, log);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void gateway.close().then(() => process.exit(0)));
  }
}
