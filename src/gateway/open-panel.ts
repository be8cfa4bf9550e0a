import type { Logger } from 'pino';
import type { GatewayHost } from '../hosts/gateway-host.js';
import { NOTHING_OPEN } from '../hosts/open-paths.js';
import type { GatewayConfig } from './config.js';
import type { GatewaySide, PanelKind, Panels } from './panel-kind.js';

/** The kind of the panel in the configuration, and what stands there for it. */
export function panelOf(config: GatewayConfig, panels: Panels): { kind: PanelKind; settings: object } {
  const { type, ...settings } = config.panel;
  const kind = panels[type];
  if (!kind) throw new Error(`There is no panel type ${type}`);
  return { kind, settings };
}

/** Opens the host of the panel in the configuration. */
export async function openHost(
  config: GatewayConfig,
  panels: Panels,
  gateway: GatewaySide,
): Promise<GatewayHost> {
  const { kind, settings } = panelOf(config, panels);
  return kind.open(settings, gateway);
}

/** The same for a command that only looks at the panel's people: no request comes, and none goes to the panel. */
export function openPanel(config: GatewayConfig, panels: Panels, log: Logger): Promise<GatewayHost> {
  const nothing = () => {
    throw new Error('A command has no requests');
  };
  const { publicUrl } = config.plugin;
  const openings = { issue: nothing, openerOf: nothing };
  const side = { publicUrl, paths: NOTHING_OPEN, callPanel: nothing, needsCode: nothing, openings, log };
  return openHost(config, panels, side);
}
