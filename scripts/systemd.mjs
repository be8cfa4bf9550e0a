// npm run test:systemd: what deploy/ ships, under a real systemd in a Debian tree of its own. As root on Debian.
import { ensureTree } from './prepare/debian-tree.mjs';
import { orFail } from './prepare/failure.mjs';
import { ensureRuntime, runtimes } from './prepare/runtime.mjs';
import { ensureBuilt, ensureInstalled, ensureTools } from './prepare.mjs';
import { filesApart } from './testing/files.mjs';
import { runOneByOne } from './testing/one-by-one.mjs';

await orFail(async () => {
  await ensureInstalled();
  await ensureTools([
    { command: 'debootstrap', package: 'debootstrap' },
    { command: 'oathtool', package: 'oathtool' },
    { command: 'ip', package: 'iproute2' },
    { path: '/usr/share/keyrings/debian-archive-keyring.gpg', package: 'debian-archive-keyring' },
  ]);
  await ensureBuilt();
  await ensureBuilt('tests');
  for (const suite of ['bookworm', 'trixie'])
    process.env[`TREE_${suite}`] = await ensureTree(suite, ['mariadb-server']);
  for (const [major, version] of Object.entries(runtimes))
    process.env[`NODE_${major}`] = (await ensureRuntime(version)).node;
  await runOneByOne(filesApart('systemd', process.argv.slice(2)));
});
