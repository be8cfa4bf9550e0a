import type { Command } from 'commander';
import { type GatewayConfig, loadConfig } from '../../gateway/config.js';
import { leaveRoot } from '../../gateway/own-paths.js';
import { PANELS } from '../../gateway/panels.js';
import { DEFAULT_CONFIG } from '../../input/command-line.js';
import { enterDemo } from '../demo-place.js';
import type { KeyPlace } from '../key-keeping.js';

/** Which installation a command is about, as it was typed. */
export interface PlaceOptions {
  readonly config?: string;
  readonly data?: string;
}

/** Adds the options that name an installation: a gateway's, or a demo panel's. */
export function withPlace(command: Command): Command {
  return command
    .option('--config <FILE>', `the configuration of the gateway (default: "${DEFAULT_CONFIG}")`)
    .option('--data <FOLDER>', 'instead: the data of the demo panel');
}

/**
 * Where an installation keeps its database and its keys: that of `--config FILE`, or of the demo panel in `--data FOLDER`.
 * As root, this process is the owner of the key file from here on.
 */
export function placeOf({ config, data }: PlaceOptions): KeyPlace {
  if (config && data)
    throw new Error('Say one installation: --config FILE, or --data FOLDER of the demo panel');
  return data ? enterDemo(data) : enter(config ?? DEFAULT_CONFIG).plugin;
}

/** Reads a configuration and leaves root, as {@link placeOf}. */
export function enter(file: string): GatewayConfig {
  const config = loadConfig(file, PANELS, process.env);
  // What a command prints is in the panel's zone.
  if (config.plugin.timeZone) process.env.TZ = config.plugin.timeZone;
  leaveRoot(config);
  return config;
}
