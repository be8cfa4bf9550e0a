import { join, resolve } from 'node:path';
import { loadConfig } from '../../gateway/config.js';
import { PANELS } from '../../gateway/panels.js';
import type { KeyPlace } from '../key-keeping.js';

/** Where an installation keeps its database and its keys: that of `--config FILE`, or of the demo panel in `--data FOLDER`. */
export function placeOf({ config, data }: { readonly config?: string; readonly data?: string }): KeyPlace {
  if (data && !config) {
    const folder = resolve(data);
    return { database: `sqlite:${join(folder, 'panel-2fa.sqlite')}`, keyFile: join(folder, 'key') };
  }
  if (!config || data)
    throw new Error('Say which installation: --config FILE, or --data FOLDER of the demo panel');
  return loadConfig(config, PANELS, process.env).plugin;
}
