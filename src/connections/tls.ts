import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { checkServerIdentity, createSecureContext, type PeerCertificate } from 'node:tls';
import { readRegularFile } from '../input/regular-file.js';
import type { UrlOptions } from './url-options.js';
import { WrongAddress } from './wrong-address.js';

/** How a server proves who it is, and who we are to it. There is no connection by TLS that does not look. */
export interface Tls {
  /** The name or address that the server's certificate must be for. */
  readonly servername: string;
  /** The authorities to trust, PEM; those that Node knows when not given. */
  readonly ca?: string;
  /** Our own certificate and its key, PEM. */
  readonly cert?: string;
  readonly key?: string;
}

/** Options that only make sense with TLS. */
export const TLS_OPTIONS = ['ca', 'cert', 'key', 'servername'] as const;

export type TlsOptions = UrlOptions<(typeof TLS_OPTIONS)[number]>;

/** Which of {@link TLS_OPTIONS} are given. */
export function tlsOptionsIn(options: TlsOptions): readonly string[] {
  return TLS_OPTIONS.filter((name) => options[name] !== undefined);
}

/** Reads the files that the options name; one that cannot be read or used throws a `WrongAddress`. */
export function tlsOf(options: TlsOptions, host: string): Tls {
  const { servername = host } = options;
  if ((options.cert === undefined) !== (options.key === undefined)) {
    throw new WrongAddress('has only one of cert and key: they belong together');
  }
  const ca = options.ca && certificateIn('ca', options.ca);
  if (!options.cert || !options.key) return { servername, ...(ca && { ca }) };
  const cert = certificateIn('cert', options.cert);
  const key = textOf('key', options.key);
  try {
    createSecureContext({ cert, key });
  } catch {
    throw new WrongAddress(`has a key, ${options.key}, that does not belong to the certificate in cert`);
  }
  return { servername, ...(ca && { ca }), cert, key };
}

/** What `tls.connect` is to be told, by drivers that hand it on. */
export function clientOptions({ servername, ...files }: Tls) {
  return {
    ...files,
    rejectUnauthorized: true,
    // A server name is never an address (RFC 6066 §3), and a driver may put the host into its place.
    ...(isIP(servername) === 0 && { servername }),
    checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
      checkServerIdentity(servername, certificate),
  };
}

function certificateIn(option: string, file: string): string {
  const text = textOf(option, file);
  try {
    new X509Certificate(text);
    return text;
  } catch {
    throw new WrongAddress(`has the option "${option}", and ${file} is no certificate in PEM`);
  }
}

function textOf(option: string, file: string): string {
  if (!file.startsWith('/')) throw new WrongAddress(`has the option "${option}", which is no absolute path`);
  try {
    return readRegularFile(file).toString('utf8');
  } catch (error) {
    throw new WrongAddress(`has the option "${option}", and ${(error as Error).message}`);
  }
}
