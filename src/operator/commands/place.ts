import { type GatewayConfig, loadConfig } from '../../gateway/config.js';
import { leaveRoot } from '../../gateway/own-paths.js';
import { PANELS } from '../../gateway/panels.js';
import { enterDemo } from '../demo-place.js';
import type { KeyPlace } from '../key-keeping.js';

/**
 * Where an installation keeps its database and its keys: that of `--config FILE`, or of the demo panel in `--data FOLDER`.
 * As root, this process is the owner of the key file from here on.
 */
export function placeOf({ config, data }: { readonly config?: string; readonly data?: string }): KeyPlace {
  if (data && !config) return enterDemo(data);
  if (!config || data)
    throw new Error('Say which installation: --config FILE, or --data FOLDER of the demo panel');
  return enter(config).plugin;
}

/** Reads a configuration and leaves root, as {@link placeOf}. */
export function enter(file: string): GatewayConfig {
  const config = loadConfig(file, PANELS, process.env);
  leaveRoot(config);
  return config;
}
