import { join } from 'node:path';
import type { GatewayConfig } from '../../../gateway/config.js';
import { dataFolderOf, socketFolderOf, sqliteFile } from '../../../gateway/own-paths.js';
import { wrongOwners } from '../../ownership.js';
import { type Finding, ok, problem, warning } from './finding.js';

/** Where it stands who owns what. */
export const OWNERS = 'See "Who owns what" in deploy/README.md.';

/** Root must be able to trust the configuration, and nobody else may enter what the service owns. */
export function owners(config: GatewayConfig, file: string): readonly Finding[] {
  const { plugin, tls } = config;
  const folder = dataFolderOf(config);
  const database = sqliteFile(config);
  const wrong = wrongOwners({
    config: file,
    keyFile: plugin.keyFile,
    closed: [
      folder,
      join(folder, 'lock.sqlite'),
      `${plugin.keyFile}.lock`,
      ...(database ? ['', '-wal', '-shm'].map((end) => `${database}${end}`) : []),
    ],
    unchanged: [plugin.templates, socketFolderOf(config)].filter((path) => path !== undefined),
    secret: tls ? [tls.key] : [],
  });
  if (wrong.length === 0) return [ok('Every file belongs to whom it should, and nobody else can write it.')];
  return wrong.map(({ text, mend, isOpen }) =>
    (isOpen ? problem : warning)(`${text}.`, `${mend}. ${OWNERS}`),
  );
}
