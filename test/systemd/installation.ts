import { connect, createServer, type Server } from 'node:net';
import { after } from 'node:test';
import { freePort } from '../support/free-port.js';
import { inProject } from '../support/project.js';
import { Machine } from './machine.js';

const PROGRAM = '/opt/panel-2fa';
const PANEL = `${PROGRAM}/.build/test/systemd/panel.js`;

/** A machine on which panel-2fa was set up by hand, as deploy/README.md tells for nginx; the service has not been started yet. */
export interface Installation {
  readonly machine: Machine;
  /** Where a browser of this test reaches it. */
  readonly origin: string;
}

/** On this Debian with this major version of Node, both of which `npm run test:systemd` has got ready. */
export async function installed(suite: string, major: string): Promise<Installation> {
  const { [`TREE_${suite}`]: tree = '', [`NODE_${major}`]: node = '' } = process.env;
  const machine = await Machine.boot(tree, { [PROGRAM]: inProject(), '/usr/local/bin/node': node });
  after(() => machine.stop());
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;

  await machine.ask(`
    set -e
    ln -s ${PROGRAM}/dist/cli.js /usr/local/bin/panel-2fa
    cd ${PROGRAM}
    useradd --system --user-group --home-dir /var/lib/panel-2fa --shell /usr/sbin/nologin panel-2fa
    install -d -o root -g root -m 0755 /etc/panel-2fa
    install -o root -g panel-2fa -m 0640 deploy/gateway.json /etc/panel-2fa/gateway.json
    cp deploy/systemd/panel-2fa.service /etc/systemd/system/
    cp deploy/systemd/panel-2fa.tmpfiles.conf /etc/tmpfiles.d/panel-2fa.conf
    systemd-tmpfiles --create
    systemctl daemon-reload
    systemctl start mariadb
    sed -i 's|https://panel.example.com:8080|${origin}|' /etc/panel-2fa/gateway.json`);
  // The panel behind its socket, and its database with the user of deploy/ispconfig-grants.sql.
  await machine.start(['node', PANEL, '/run/ispconfig/panel.sock'], /the panel listens/);
  await relay(port, () => machine.outside('/run/panel-2fa/gateway.sock'));
  return { machine, origin };
}

/** The web server's part: from a port to the gateway's socket. */
async function relay(port: number, socket: () => string): Promise<void> {
  const server: Server = createServer((browser) => {
    const gateway = connect(socket());
    browser.on('error', () => gateway.destroy()).pipe(gateway);
    gateway.on('error', () => browser.destroy()).pipe(browser);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  after(() => server.close());
}
