import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from './temp-folder.js';

/** The paths of PEM files. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** The name, beside `localhost` and `127.0.0.1`, that {@link Authority.server} is for. */
export const SERVER_NAME = 'db.example.test';

/** A certificate authority of this test alone. */
export interface Authority {
  readonly ca: string;
  readonly server: Certificate;
  /** With nothing but a common name. */
  readonly client: Certificate;
}

/** Makes an authority with `openssl`, in a folder that everybody may enter, for servers that run as another user. */
export function newAuthority(): Authority {
  const folder = tempFolder();
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const [ca, caKey] = [at('ca.crt'), at('ca.key')];
  openssl('req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=Test CA', '-keyout', caKey, '-out', ca);
  const signed = (name: string, extensions: string): Certificate => {
    const [cert, key, request, more] = [
      at(`${name}.crt`),
      at(`${name}.key`),
      at(`${name}.csr`),
      at(`${name}.ext`),
    ];
    openssl('req', ...newKey, '-subj', `/CN=${name}`, '-keyout', key, '-out', request);
    writeFileSync(more, extensions);
    const by = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-days', '2', '-extfile', more];
    openssl('x509', '-req', '-in', request, ...by, '-out', cert);
    return { cert, key };
  };
  return {
    ca,
    server: signed('server', `subjectAltName=DNS:localhost,DNS:${SERVER_NAME},IP:127.0.0.1`),
    client: signed('client', 'extendedKeyUsage=clientAuth'),
  };
}
