import { after } from 'node:test';
import { standIn } from '../../stand-in/stand-in.js';
import { ask, type WireReply, type WireRequest } from '../../stand-in/wire.js';
import { Gateway, type GatewayOptions } from '../../support/gateway.js';
import type { PanelAccount } from '../../support/ispconfig/accounts.js';
import { Person } from './person.js';

export interface SetupOptions extends Pick<GatewayOptions, 'config' | 'panel'> {
  /** How the stand-in is set up. */
  readonly standIn?: Parameters<typeof standIn>[0];
}

/** The gateway's own process in front of a stand-in panel that believes it about addresses, with a real MariaDB. */
export async function behindGateway({ standIn: panelOptions, ...options }: SetupOptions = {}) {
  const stand = await standIn({ trustRealIp: true, ...panelOptions });
  const { panel, database } = stand;
  const gateway = await Gateway.start({
    upstream: panel.url,
    panelDatabase: database.readOnlyUrl,
    ...options,
  });
  after(() => gateway.stop());
  return {
    ...stand,
    gateway,
    /** A request to the gateway whose target and cookie lines stay as they are written. */
    go: (target: string, request?: WireRequest): Promise<WireReply> => ask(gateway.url, target, request),
    /** Somebody at the gateway with a browser of his own. */
    person: (account: PanelAccount) => new Person(gateway.url, account),
    /** What reached the panel while `act` ran. */
    heard: async (act: () => Promise<unknown>) => {
      const before = panel.requests.length;
      await act();
      return panel.requests.slice(before);
    },
  };
}

export type Behind = Awaited<ReturnType<typeof behindGateway>>;
