import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { readRegularFile } from '../input/regular-file.js';

/** Somebody else than the panel answers at the panel's address. */
class UpstreamCertificateError extends Error {
  override readonly name = 'UpstreamCertificateError';
  readonly code = 'UPSTREAM_CERTIFICATE';

  constructor(file: string) {
    super(`The panel does not show the certificate of ${file}`);
  }
}

/**
 * Connects to a panel that shows exactly the certificate of a file, whoever signed it and whatever name it has:
 * a panel reached at 127.0.0.1 has none for that. The file is read again each time, as certificates are renewed.
 */
export function pinnedConnector(file: string, milliseconds: number): buildConnector.connector {
  const connect = buildConnector({
    timeout: milliseconds,
    rejectUnauthorized: false,
    // A session taken up again does not show the certificate.
    maxCachedSessions: 0,
  });
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (error) return callback(error, null);
      if (shows(socket as TLSSocket, file)) return callback(null, socket);
      socket.destroy();
      return callback(new UpstreamCertificateError(file), null);
    });
  };
}

function shows(socket: TLSSocket, file: string): boolean {
  try {
    const shown = socket.getPeerX509Certificate();
    return shown?.raw.equals(new X509Certificate(readRegularFile(file)).raw) ?? false;
  } catch {
    return false;
  }
}
