import { tlsOf } from '../../src/connections/tls.js';
import { checkFiles } from '../../src/gateway/check-files.js';
import type { GatewayConfig } from '../../src/gateway/config.js';
import { readPageFile } from '../../src/gateway/page-file.js';
import { renewsSessionId } from '../../src/hosts/ispconfig/security-settings.js';
import { readJsonFile } from '../../src/input/json-file.js';
import { ownManifest } from '../../src/plugin/manifest.js';
import { archiveHeader, archiveRows } from '../../src/storage/audit-archive-file.js';
import { lockFile } from '../../src/storage/data-folder.js';
import { openDataSource, openForReading } from '../../src/storage/data-source.js';
import { loadKeyFile } from '../../src/storage/key-file.js';

/** Whatever reads a file that an operator names, by what it is called there. */
const readers: Record<string, (path: string) => unknown> = {
  configuration: readJsonFile,
  'key file': (path) => loadKeyFile(path, async () => true),
  'tls.cert': (path) => checkFiles(config({ tls: { cert: path, key: '/etc/hostname' } })),
  'tls.key': (path) => checkFiles(config({ tls: { cert: '/etc/hostname', key: path } })),
  upstreamCertificate: (path) => checkFiles(config({ upstreamCertificate: path })),
  'certificate of a database': (path) => tlsOf({ ca: path }, 'localhost'),
  'security settings': renewsSessionId,
  'unknown pages': readPageFile,
  'header of an archive': archiveHeader,
  'rows of an archive': (path) => archiveRows(path).next(),
  'database to write': (path) => openDataSource(`sqlite:${path}`, ownManifest()),
  'database to read': (path) => openForReading(`sqlite:${path}`, ownManifest()),
  'lock file': (path) => lockFile(path, 'The folder'),
};

function config(part: object): GatewayConfig {
  return { plugin: {}, ...part } as GatewayConfig;
}

// A reader that waits would stop this whole process: whoever started it has a time-out, and sees how far it came.
for (const path of process.argv.slice(2)) {
  for (const [name, read] of Object.entries(readers)) {
    const answer = await Promise.resolve()
      .then(() => read(path))
      .then(
        () => 'was read',
        (error: Error) => error.message,
      );
    console.log(JSON.stringify([name, path, answer]));
  }
}
