import type { Logger } from 'pino';
import { OpenPaths } from '../hosts/open-paths.js';
import type { TwoFactor } from '../index.js';
import { createTwoFactor } from '../index.js';
import { ownManifest } from '../plugin/manifest.js';
import { opening } from '../plugin/opening.js';
import { lockFolder } from '../storage/data-folder.js';
import { gatewayApp } from './app.js';
import { ClientAddresses } from './client-address.js';
import type { GatewayConfig } from './config.js';
import { limitConnections } from './connection-limit.js';
import { closeServer, httpServer } from './http-server.js';
import { type ListenAddress, listenOn, parseListen } from './listen.js';
import { strangeAddresses } from './log.js';
import { LoginLimit } from './login-limit.js';
import { openHost } from './open-panel.js';
import { dataFolderOf } from './own-paths.js';
import { pageFile, pageFileOf } from './page-file.js';
import { callerOf } from './panel-call.js';
import type { Panels } from './panel-kind.js';
import { PanelLogins } from './panel-logins.js';
import { Preparation } from './prepare.js';
import { PanelProxy } from './proxy.js';
import { openUpstream } from './upstream.js';

export interface RunningGateway {
  /** Where it listens: `http://127.0.0.1:8090`, or the path of its socket as `unix:/…`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the plugin and the proxy in front of a panel; rejects with one clear message and nothing left open. */
export function startGateway(config: GatewayConfig, panels: Panels, log: Logger): Promise<RunningGateway> {
  return opening(async (opened, close) => {
    if (!config.plugin.redis) {
      const lock = await lockFolder(dataFolderOf(config));
      opened(() => lock.release());
      log.warn('without redis this must be the only gateway: its pending logins are kept in memory');
    }
    const upstream = openUpstream({
      url: config.upstream,
      seconds: config.upstreamSeconds,
      certificate: config.upstreamCertificate,
    });
    opened(() => upstream.destroy());
    const plugin: { twoFactor?: TwoFactor } = {};
    const there = () => {
      if (!plugin.twoFactor) throw new Error('The plugin is not there yet');
      return plugin.twoFactor;
    };
    const host = await openHost(config, panels, {
      publicUrl: config.plugin.publicUrl,
      paths: new OpenPaths(config.paths),
      callPanel: callerOf(upstream),
      // The plugin needs the host first; nobody asks before the server listens.
      needsCode: async (key) => there().needsCode(key),
      openings: {
        issue: (...session) => there().openings.issue(...session),
        openerOf: (...proof) => there().openings.openerOf(...proof),
      },
      pageBook: pageFile(pageFileOf(config), log),
      log,
    });
    opened(() => host.close());
    const twoFactor = await createTwoFactor({ ...config.plugin, host, log });
    plugin.twoFactor = twoFactor;
    opened(() => twoFactor.close());
    const { mount, version } = ownManifest();
    const parts = {
      mount,
      slot: twoFactor.slot.bind(twoFactor),
      forms: twoFactor.forms.bind(twoFactor),
      menu: twoFactor.menu.bind(twoFactor),
      settingsEntry: twoFactor.settingsEntry.bind(twoFactor),
      leaveEntry: twoFactor.leaveEntry.bind(twoFactor),
      forget: twoFactor.forget.bind(twoFactor),
      notice: twoFactor.notice.bind(twoFactor),
    };
    const proxy = new PanelProxy({ upstream, host, parts, bodySeconds: config.bodySeconds, log });
    const logins = new PanelLogins(host, new LoginLimit(twoFactor.limiter, config.loginsPerMinute), log);
    const { trustedProxies, addressHeader } = config;
    const addresses = new ClientAddresses(trustedProxies, addressHeader, strangeAddresses(log));
    const app = gatewayApp({
      addresses,
      host,
      twoFactor,
      preparation: new Preparation(host, twoFactor.limiter, log),
      logins,
      proxy,
      log,
    });
    const server = httpServer(config, app.callback());
    limitConnections(server, (socket) => addresses.trustsPeer(socket));
    const address = await listenOn(server, parseListen(config.listen) as ListenAddress);
    opened(() => closeServer(server));
    const url = address.startsWith('unix:') ? address : `${config.tls ? 'https' : 'http'}://${address}`;
    const open = [...config.paths.public.map(({ path }) => path), ...config.paths.passThrough];
    log.info(
      { version, listen: url, publicUrl: config.plugin.publicUrl, ...(open.length > 0 && { open }) },
      'the gateway listens',
    );
    return { url, close };
  });
}
