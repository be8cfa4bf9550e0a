import { checkFiles } from '../../../gateway/check-files.js';
import { ConfigError, type GatewayConfig } from '../../../gateway/config.js';
import { RootError } from '../../../gateway/own-paths.js';
import { FileError } from '../../../input/json-file.js';
import { enter } from '../place.js';
import { type Finding, problem } from './finding.js';
import { openPaths } from './open-paths.js';
import { configFile, keyFile, ownDatabase, redis } from './own.js';
import { OWNERS, owners } from './owners.js';
import { clientAddresses, loginSteps, pages, panelDatabase, sessionIds, takeOver, version } from './panel.js';
import { publicUrls } from './public-urls.js';
import { otherWays, upstream } from './ways-in.js';

type Check = (
  config: GatewayConfig,
  file: string,
) => Finding | readonly Finding[] | Promise<Finding | readonly Finding[]>;

const CHECKS: readonly Check[] = [
  keyFile,
  owners,
  ownDatabase,
  redis,
  panelDatabase,
  version,
  takeOver,
  loginSteps,
  pages,
  sessionIds,
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
    config = enter(file);
    checkFiles(config);
  } catch (error) {
    if (error instanceof RootError) yield problem(error.message, OWNERS);
    else if (error instanceof ConfigError || error instanceof FileError)
      yield problem(error.message, 'docs/configuration.md explains every key.');
    else throw error;
    return;
  }
  yield configFile(file);
  for (const check of CHECKS) yield* [await check(config, file)].flat();
}
