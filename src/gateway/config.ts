import type { z } from 'zod';
import { FileError, readJsonFile } from '../input/json-file.js';
import { ownManifest } from '../plugin/manifest.js';
import { type Settings, settingsSchema } from '../plugin/settings.js';
import { untrustedPart } from '../storage/trusted-path.js';
import { UNIX_PEERS } from './client-address.js';
import { OWN_KEYS, type OwnConfig, ownKeys } from './config-schema.js';
import type { Panels } from './panel-kind.js';
import { pathProblems } from './paths-schema.js';

/** The configuration of a gateway, checked. */
export interface GatewayConfig extends OwnConfig {
  /** The settings of the plugin. */
  readonly plugin: Settings;
}

/** Why a configuration cannot be used: a line per wrong key, none of which repeats a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Environment = Readonly<Record<string, string | undefined>>;
type Json = Readonly<Record<string, unknown>>;

/**
 * Reads and checks a configuration file (JSONC); secrets in the environment win. Root reads none that somebody else can
 * change: it says what root opens. Throws a `ConfigError`.
 */
export function loadConfig(file: string, panels: Panels, env: Environment): GatewayConfig {
  const untrusted = process.geteuid?.() === 0 ? untrustedPart(file, 0) : undefined;
  if (untrusted) {
    throw new ConfigError(
      `Root does not use ${file}: ${untrusted}. It must belong to root, and its folders too (mode 0640, group of the service)`,
    );
  }
  let given: unknown;
  try {
    given = readJsonFile(file);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new ConfigError(error.message);
  }
  try {
    return checkConfig(given, panels, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(`${file}:\n${error.message}`);
  }
}

/** Checks a configuration with every secret that the environment has. Throws a `ConfigError` that names every wrong key. */
export function checkConfig(given: unknown, panels: Panels, env: Environment = {}): GatewayConfig {
  if (!isObject(given)) throw new ConfigError('  must be a JSON object');
  const whole = withSecrets(given, env);
  const own = pick(whole, (key) => OWN_KEYS.includes(key));
  const plugin = pick(whole, (key) => !OWN_KEYS.includes(key));
  const ours = ownKeys.safeParse(own);
  const problems = [
    ...(ours.error?.issues ?? []),
    ...(settingsSchema(ownManifest()).safeParse(plugin).error?.issues ?? []),
  ].flatMap((issue) => linesOf(issue));
  problems.push(...panelProblems(own.panel, panels));
  if (ours.success) problems.push(...openingProblems(ours.data, panels));
  if (!ours.success || problems.length > 0) throw new ConfigError(problems.sort().join('\n'));
  if (ours.data.upstreamCertificate && !ours.data.upstream.startsWith('https:')) {
    throw new ConfigError('  upstreamCertificate: is only for an https upstream');
  }
  if (ours.data.listen.startsWith('unix:') && !ours.data.trustedProxies.includes(UNIX_PEERS)) {
    throw new ConfigError(
      '  trustedProxies: must contain "unix" when listen is a unix socket: only the proxy knows addresses',
    );
  }
  return { ...ours.data, plugin: plugin as unknown as Settings };
}

function panelProblems(panel: unknown, panels: Panels): string[] {
  if (!isObject(panel) || typeof panel.type !== 'string') return [];
  const kind = Object.hasOwn(panels, panel.type) ? panels[panel.type] : undefined;
  if (!kind) return [`  panel.type: must be one of ${Object.keys(panels).join(', ')}`];
  const { type, ...settings } = panel;
  return kind.check(settings).flatMap((issue) => linesOf(issue, 'panel.'));
}

function openingProblems({ paths, panel }: OwnConfig, panels: Panels): string[] {
  const kind = Object.hasOwn(panels, panel.type) ? panels[panel.type] : undefined;
  return kind ? pathProblems(paths, ownManifest().mount, kind.signs.owns) : [];
}

/** PANEL_2FA_DATABASE, PANEL_2FA_REDIS and PANEL_2FA_PANEL_DATABASE: what may hold a password. */
function withSecrets(given: Json, env: Environment): Json {
  const database = env.PANEL_2FA_DATABASE;
  const redis = env.PANEL_2FA_REDIS;
  const panelDatabase = env.PANEL_2FA_PANEL_DATABASE;
  return {
    ...given,
    ...(database && { database }),
    ...(redis && { redis }),
    ...(panelDatabase && isObject(given.panel) && { panel: { ...given.panel, database: panelDatabase } }),
  };
}

function linesOf(issue: z.core.$ZodIssue, prefix = ''): string[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `  ${prefix}${path ? `${path}.` : ''}${key}: is not known`);
  }
  return [`  ${prefix}${path}: ${issue.message}`];
}

function pick(from: Json, wanted: (key: string) => boolean): Json {
  return Object.fromEntries(Object.entries(from).filter(([key]) => wanted(key)));
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
