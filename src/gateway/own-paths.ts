import { dirname, resolve } from 'node:path';
import { becomeOwner } from '../storage/become-owner.js';
import type { GatewayConfig } from './config.js';
import { parseListen } from './listen.js';

export { RootError } from '../storage/become-owner.js';

/** As root, becomes the owner of the key file before anything else of this configuration is opened; as {@link becomeOwner}. */
export function leaveRoot(config: GatewayConfig): void {
  const { plugin, tls, upstreamCertificate } = config;
  const files = [sqliteFile(config), plugin.templates, tls?.cert, tls?.key, upstreamCertificate];
  const places = [dataFolderOf(config), socketFolderOf(config), ...files];
  becomeOwner(
    plugin.keyFile,
    places.filter((place) => place !== undefined),
  );
}

export function dataFolderOf(config: GatewayConfig): string {
  const file = sqliteFile(config);
  return config.dataFolder ?? (file === undefined ? '/var/lib/panel-2fa' : dirname(file));
}

/** Of the gateway's own socket; undefined when it listens at a port. */
export function socketFolderOf({ listen }: GatewayConfig): string | undefined {
  const address = parseListen(listen);
  return address?.kind === 'unix' ? dirname(address.path) : undefined;
}

/** The file of the database; undefined when it is on a server. */
export function sqliteFile({ plugin: { database } }: GatewayConfig): string | undefined {
  return database.startsWith('sqlite:') ? resolve(database.slice('sqlite:'.length)) : undefined;
}
