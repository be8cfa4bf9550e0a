import { join } from 'node:path';
import { checkConfig } from '../../src/gateway/config.js';
import { openLog } from '../../src/gateway/log.js';
import { type RunningGateway, startGateway } from '../../src/gateway/server.js';
import { freePort } from '../support/free-port.js';
import { tempFolder } from '../support/temp-folder.js';
import { plainPanels } from './plain-host.js';

export interface TestGateway extends RunningGateway {
  readonly port: number;
}

/** What a configuration needs at least, in a folder of its own. */
export function plainConfig(port: number, upstream: string, folder = tempFolder()): Record<string, unknown> {
  return {
    listen: `127.0.0.1:${port}`,
    publicUrl: `http://127.0.0.1:${port}`,
    trustedProxies: [],
    upstream,
    panel: { type: 'plain' },
    database: `sqlite:${join(folder, 'factors.sqlite')}`,
    keyFile: join(folder, 'key'),
    logLevel: 'silent',
  };
}

/** The gateway in this process, in front of the upstream's port; `more` replaces keys of the configuration. */
export async function startPlainGateway(
  upstreamPort: number,
  more: Record<string, unknown> = {},
): Promise<TestGateway> {
  const port = await freePort();
  const config = checkConfig(
    { ...plainConfig(port, `http://127.0.0.1:${upstreamPort}`), ...more },
    plainPanels,
  );
  const gateway = await startGateway(config, plainPanels, openLog(config.logLevel));
  return { ...gateway, port };
}
