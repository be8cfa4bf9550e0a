import { createSecureContext } from 'node:tls';
import { readRegularFile } from '../input/regular-file.js';
import { openTemplates } from '../plugin/templates.js';
import { ConfigError, type GatewayConfig } from './config.js';

export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Reads the files that a configuration names, as the start does. Throws an Error of one line: key, file and reason. */
export function checkFiles({ tls, upstreamCertificate, plugin }: GatewayConfig): void {
  if (tls) readTls(tls);
  if (upstreamCertificate) readNamed('upstreamCertificate', upstreamCertificate);
  openTemplates(plugin.templates);
}

/** Certificate and key of the gateway, which belong together. Throws a `ConfigError`. */
export function readTls(tls: { readonly cert: string; readonly key: string }): TlsFiles {
  const files = { cert: readNamed('tls.cert', tls.cert), key: readNamed('tls.key', tls.key) };
  for (const [name, part] of [
    ['cert', { cert: files.cert }],
    ['key', { key: files.key }],
  ] as const) {
    try {
      createSecureContext(part);
    } catch {
      throw new ConfigError(`tls.${name}: ${tls[name]} is not in PEM format`);
    }
  }
  try {
    createSecureContext(files);
  } catch {
    throw new ConfigError(`tls: ${tls.key} is not the key of the certificate ${tls.cert}`);
  }
  return files;
}

function readNamed(key: string, file: string): Buffer {
  try {
    return readRegularFile(file);
  } catch (error) {
    throw new ConfigError(`${key}: ${(error as Error).message}`);
  }
}
