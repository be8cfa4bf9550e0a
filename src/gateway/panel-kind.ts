import type { Logger } from 'pino';
import type { z } from 'zod';
import type { GatewayHost } from '../hosts/gateway-host.js';
import type { OpenPaths } from '../hosts/open-paths.js';
import type { PageBook } from '../hosts/page-book.js';
import type { PanelSigns } from '../hosts/panel-signs.js';
import type { AccountKey, OpeningProofs } from '../index.js';
import type { CallPanel } from './panel-call.js';

/** What the gateway has for the host of a panel. */
export interface GatewaySide {
  readonly publicUrl: string;
  readonly paths: OpenPaths;
  /** To end a session, and to look at the login page. */
  readonly callPanel: CallPanel;
  /** Must this account not get in with its password alone? Not before the gateway listens. */
  needsCode(key: AccountKey): Promise<boolean>;
  /** Not before the gateway listens either. */
  readonly openings: OpeningProofs;
  /** Where a host writes down which pages it does not know; a command has none. */
  readonly pageBook?: PageBook;
  readonly log: Logger;
}

/** A kind of panel that can stand behind the gateway: what `panel` in the configuration may say, and its host. */
export interface PanelKind {
  /** What is wrong with these settings, without `type`. */
  check(settings: unknown): readonly z.core.$ZodIssue[];
  /** Proves the panel's database; rejects with one clear message. */
  open(settings: unknown, gateway: GatewaySide): Promise<GatewayHost>;
  readonly signs: PanelSigns<unknown>;
}

/** Kinds by the word in `panel.type`. */
export type Panels = Readonly<Record<string, PanelKind>>;

export function panelKind<Settings>(
  schema: z.ZodType<Settings>,
  open: (settings: Settings, gateway: GatewaySide) => Promise<GatewayHost>,
  signs: PanelSigns<Settings>,
): PanelKind {
  return {
    check: (settings) => schema.safeParse(settings).error?.issues ?? [],
    open: async (settings, gateway) => open(schema.parse(settings), gateway),
    signs: {
      ...signs,
      excessRights: async (settings) => signs.excessRights(schema.parse(settings)),
      version: async (settings) => signs.version(schema.parse(settings)),
      mayReadTotp: async (settings) => signs.mayReadTotp(schema.parse(settings)),
      unknownSteps: async (settings) => signs.unknownSteps(schema.parse(settings)),
      sessionIds: (settings) => signs.sessionIds?.(schema.parse(settings)),
    },
  };
}
