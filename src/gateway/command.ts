import type { Command } from 'commander';
import { configCommand } from '../input/command-line.js';
import { checkFiles } from './check-files.js';
import { loadConfig } from './config.js';
import { openLog } from './log.js';
import { leaveRoot } from './own-paths.js';
import type { Panels } from './panel-kind.js';
import { startGateway } from './server.js';
import { tellReady } from './service-manager.js';

interface GatewayOptions {
  readonly config: string;
  readonly check?: boolean;
}

/** Runs the gateway until SIGINT or SIGTERM; rejects with a clear message when it cannot start. */
export function gatewayCommand(panels: Panels): Command {
  return configCommand(
    'gateway',
    'Two-factor authentication in front of a panel, until SIGINT or SIGTERM.',
    'panel-2fa gateway --config /etc/panel-2fa/gateway.json',
  )
    .option('--check', 'only check the configuration and the files it names')
    .action(({ config, check }: GatewayOptions) => (check ? checkConfiguration : run)(config, panels));
}

/** Judges a configuration as the start does, and starts nothing; throws an Error that names what is wrong. */
export function checkConfiguration(file: string, panels: Panels): void {
  const config = loadConfig(file, panels, process.env);
  leaveRoot(config);
  checkFiles(config);
  console.log(`${file} is right.`);
}

async function run(file: string, panels: Panels): Promise<void> {
  const config = loadConfig(file, panels, process.env);
  leaveRoot(config);
  const log = openLog(config.logLevel);
  const gateway = await startGateway(config, panels, log);
  tellReady(log);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void gateway.close().then(() => process.exit(0)));
  }
}
