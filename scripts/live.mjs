import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { orFail } from './prepare/failure.mjs';
import { ensureBuilt, ensureInstalled, ensureTools, Failure, testTools } from './prepare.mjs';
import { filesApart } from './testing/files.mjs';
import { runOneByOne } from './testing/one-by-one.mjs';

const HELP = `npm run test:live -- [--upstream PANEL --panel-db URL] [--url ORIGIN] [--gateway FILE] [file…]

  --upstream PANEL   the running panel, as in the gateway's configuration: http+unix:/path or http://host:port
  --panel-db URL     its database, as a read-only user: mysql://user:password@host:port/database
  --url ORIGIN       with --upstream: where the tests' own gateway listens (default: a free port on 127.0.0.1);
                     alone: a gateway that is already running
  --gateway FILE     gateway settings that override the tests' own, such as {"redis": "…"}

Accounts come from environment variables; docs/live-tests.md lists them.`;

await orFail(main);

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      upstream: { type: 'string' },
      'panel-db': { type: 'string' },
      gateway: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const { url, upstream, gateway, help, 'panel-db': panelDb } = values;
  if (help) return console.log(HELP);
  if (!url && !upstream) throw new Failure(HELP);
  if (upstream && !panelDb) throw new Failure('--upstream needs --panel-db.');
  Object.assign(process.env, {
    ...(url && { LIVE_URL: url }),
    ...(upstream && { LIVE_UPSTREAM: upstream }),
    ...(gateway && { LIVE_GATEWAY: resolve(gateway) }),
    ...(panelDb && { LIVE_PANEL_DB: panelDb }),
  });
  await ensureInstalled();
  await ensureTools(testTools);
  await ensureBuilt();
  await ensureBuilt('tests');
  // They share the panel's accounts.
  await runOneByOne(filesApart('live', positionals));
}
