import { join, resolve } from 'node:path';
import { loadConfig } from '../gateway/config.js';
import { PANELS } from '../gateway/panels.js';
import type { KeyPlace } from '../key-keeping.js';

/** Where the keys are by `--config FILE` of a gateway or `--data FOLDER` of the demo panel. */
export function keyPlace({ config, data }: { readonly config?: string; readonly data?: string }): KeyPlace {
  if (data && !config) {
    const folder = resolve(data);
    return { database: `sqlite:${join(folder, 'panel-2fa.sqlite')}`, keyFile: join(folder, 'key') };
  }
  if (!config || data) throw new Error('Say whose keys: --config FILE, or --data FOLDER of the demo panel');
  return loadConfig(config, PANELS, process.env).plugin;
}
