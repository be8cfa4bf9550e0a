import { isIP } from 'node:net';
import { z } from 'zod';
import type { Period } from './core/factor.js';
import type { Manifest } from './manifest.js';

/** Settings of the plugin; their meaning, bounds and defaults stand in `plugin.manifest.json`. */
export interface Settings {
  readonly publicUrl: string;
  readonly database: string;
  readonly keyFile: string;
  readonly redis?: string;
  readonly issuer?: string;
  readonly period?: Period;
  readonly clearanceHours?: number;
  readonly contact?: string;
  readonly templates?: string;
}

/** The settings with the defaults filled in. */
export interface FullSettings extends Settings {
  readonly issuer: string;
  readonly period: Period;
  readonly clearanceHours: number;
  readonly contact: string;
}

/** The manifest's schema of the settings. */
export function settingsSchema(manifest: Manifest): z.ZodType {
  return z.fromJSONSchema(manifest.settings as Parameters<typeof z.fromJSONSchema>[0]);
}

/** Checks settings against the manifest's schema; throws an Error that names every wrong key. */
export function readSettings(manifest: Manifest, given: object): FullSettings {
  const schema = settingsSchema(manifest);
  const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const parsed = schema.safeParse(defined);
  if (!parsed.success) throw new Error(`Wrong settings of ${manifest.id}: ${z.prettifyError(parsed.error)}`);
  const settings = parsed.data as FullSettings;
  const { protocol, hostname } = new URL(settings.publicUrl);
  if (protocol === 'http:' && !isLoopback(hostname)) {
    throw new Error(`Wrong settings of ${manifest.id}: publicUrl must be https, but for loopback addresses`);
  }
  return settings;
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'))
  );
}
