import { z } from 'zod';
import { plainHost, plainPanels, plainSigns } from '../.build/test/gateway/plain-host.js';
import { gatewayCommand } from '../dist/gateway/command.js';
import { panelKind } from '../dist/gateway/panel-kind.js';

/** The plain panel of the tests, with as many sessions of each account as anybody likes: `plain=<account>.<session>`. */
const soak = panelKind(
  z.strictObject({}),
  async (_settings, gateway) => ({
    ...plainHost(gateway),
    identify: async (ctx) => {
      const [, id, account] = /(?:^|; )plain=((\d+)\.\w+)(?:;|$)/.exec(ctx.get('cookie')) ?? [];
      if (!id) return { kind: 'anonymous' };
      const who = { realm: 'user', id: account, name: `user${account}`, role: 'client' };
      return { kind: 'session', session: { id, start: 1, account: who, actor: who } };
    },
  }),
  plainSigns,
);

await gatewayCommand(process.argv.slice(2), { ...plainPanels, soak });
