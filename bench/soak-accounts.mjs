import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAILURE_RULE } from '../dist/core/codes/failure-rule.js';
import { KeyRing } from '../dist/core/keys/key-ring.js';
import { Sealer } from '../dist/core/keys/sealing.js';
import { openDataSource } from '../dist/storage/data-source.js';
import { TypeOrmFactorStore } from '../dist/storage/factor-store.typeorm.js';
import { loadKeyFile } from '../dist/storage/key-file.js';
import { at } from '../scripts/prepare/project.mjs';

/** Writes accounts with factors into the database that the gateway is going to open; the secret of each, in hexadecimal. */
export async function makeAccounts(folder, count) {
  const keys = new KeyRing(await loadKeyFile(join(folder, 'key'), async () => true));
  const sealer = new Sealer(keys);
  const schema = JSON.parse(readFileSync(at('plugin.manifest.json'), 'utf8'));
  const dataSource = await openDataSource(`sqlite:${join(folder, 'factors.sqlite')}`, schema);
  await dataSource.query('PRAGMA synchronous = OFF');
  const store = new TypeOrmFactorStore(dataSource, FAILURE_RULE);
  const secrets = [];
  for (let id = 0; id < count; id += 1) {
    const key = { realm: 'user', id: String(id) };
    const secret = createHash('sha1').update(`soak ${id}`).digest();
    const factor = {
      key,
      generation: randomBytes(16).toString('base64url'),
      sealedSecret: sealer.seal('factor', key, secret),
      period: 30,
      activatedAt: Date.now(),
      lastStep: 1,
      recovery: { salt: '00', digests: [] },
    };
    if (!(await store.activate(factor, undefined))) throw new Error(`No account ${id}`);
    secrets.push(secret.toString('hex'));
  }
  await dataSource.destroy();
  return secrets;
}
