import { checkFiles } from '../../../gateway/check-files.js';
import { ConfigError, type GatewayConfig, loadConfig } from '../../../gateway/config.js';
import { PANELS } from '../../../gateway/panels.js';
import { FileError } from '../../../input/json-file.js';
import { type Finding, problem } from './finding.js';
import { openPaths } from './open-paths.js';
import { configFile, keyFile, ownDatabase, redis } from './own.js';
import { clientAddresses, loginSteps, panelDatabase } from './panel.js';
import { publicUrls } from './public-urls.js';
import { otherWays, upstream } from './ways-in.js';

type Check = (config: GatewayConfig) => Finding | Promise<Finding | readonly Finding[]>;

const CHECKS: readonly Check[] = [
  keyFile,
  ownDatabase,
  redis,
  panelDatabase,
  loginSteps,
  upstream,
  publicUrls,
  otherWays,
  clientAddresses,
  openPaths,
];

/** All that there is to say about an installation, one thing after the other. Nothing of it is changed. */
export async function* examine(file: string): AsyncGenerator<Finding> {
  let config: GatewayConfig;
  try {
    config = loadConfig(file, PANELS, process.env);
    checkFiles(config);
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof FileError)) throw error;
    yield problem(error.message, 'docs/configuration.md explains every key.');
    return;
  }
  yield configFile(file);
  for (const check of CHECKS) yield* [await check(config)].flat();
}
