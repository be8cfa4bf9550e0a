import { isIP } from 'node:net';
import { z } from 'zod';
import type { Role } from '../core/account/account.js';
import type { Period } from '../core/codes/factor.js';
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
  readonly requiredFor?: readonly Role[];
  readonly contact?: string;
  readonly templates?: string;
}

/** The settings with the defaults filled in. */
export interface FullSettings extends Settings {
  readonly issuer: string;
  readonly period: Period;
  readonly clearanceHours: number;
  readonly requiredFor: readonly Role[];
  readonly contact: string;
}

/** The manifest's schema of the settings, and what a JSON Schema cannot say. */
export function settingsSchema(manifest: Manifest): z.ZodType {
  const schema = z.fromJSONSchema(manifest.settings as Parameters<typeof z.fromJSONSchema>[0]);
  return schema.refine((settings) => isSafeOrigin((settings as Settings).publicUrl), {
    path: ['publicUrl'],
    error: 'must be https, or http on a loopback address',
    // Told together with what is wrong with other keys.
    when: ({ value }) => URL.canParse((value as Partial<Settings> | null)?.publicUrl ?? ''),
  });
}

/** Checks settings against the manifest's schema; throws an Error that names every wrong key. */
export function readSettings(manifest: Manifest, given: object): FullSettings {
  const schema = settingsSchema(manifest);
  const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const parsed = schema.safeParse(defined);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(`Wrong settings of ${manifest.id}: ${problems.join('; ')}`);
  }
  return parsed.data as FullSettings;
}

/** Cookies that only travel encrypted would not come back over http, but from the same machine. */
function isSafeOrigin(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return (
    protocol === 'https:' ||
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    (isIP(hostname) === 4 && hostname.startsWith('127.'))
  );
}
