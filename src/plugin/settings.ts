import { isIP } from 'node:net';
import { domainToUnicode } from 'node:url';
import { z } from 'zod';
import { databaseAddress } from '../connections/database-address.js';
import { redisAddress } from '../connections/redis-address.js';
import { problemWith } from '../connections/wrong-address.js';
import type { Role } from '../core/account/account.js';
import { isTimeZone } from '../core/base/zoned-time.js';
import type { Period } from '../core/codes/factor.js';
import type { Manifest } from './manifest.js';

/** Settings of the plugin; their meaning, bounds and defaults stand in `plugin.manifest.json`. */
export interface Settings {
  readonly publicUrl: string;
  readonly publicUrls?: readonly string[];
  readonly database: string;
  readonly keyFile: string;
  readonly redis?: string;
  readonly issuer?: string;
  readonly period?: Period;
  readonly clearanceHours?: number;
  readonly requiredFor?: readonly Role[];
  readonly contact?: string;
  readonly templates?: string;
  readonly timeZone?: string;
}

/** The settings with the defaults filled in. */
export interface FullSettings extends Settings {
  readonly publicUrls: readonly string[];
  readonly issuer: string;
  readonly period: Period;
  readonly clearanceHours: number;
  readonly requiredFor: readonly Role[];
  readonly contact: string;
}

/** The manifest's schema of the settings, and what a JSON Schema cannot say. */
export function settingsSchema(manifest: Manifest): z.ZodType {
  const schema = z.fromJSONSchema(manifest.settings as Parameters<typeof z.fromJSONSchema>[0]);
  // With `when`, told together with what is wrong with other keys.
  const hasUrl = ({ value }: { value: unknown }) => URL.canParse(given(value).publicUrl ?? '');
  return schema
    .refine((settings) => URL.canParse((settings as Settings).publicUrl), {
      path: ['publicUrl'],
      error: 'is no address: look at the host and at the port, which is 65535 at most',
      when: ({ value }) => typeof given(value).publicUrl === 'string',
    })
    .refine(...addressed('database', databaseAddress))
    .refine(...addressed('redis', redisAddress))
    .refine((settings) => isSafeOrigin((settings as Settings).publicUrl), {
      path: ['publicUrl'],
      error: 'must be https, or http on a loopback address',
      when: hasUrl,
    })
    .refine((settings) => areSiblings(settings as Settings), {
      path: ['publicUrls'],
      error: 'must be origins with the scheme of publicUrl, and as safe',
      when: hasUrl,
    })
    .refine((settings) => isTimeZone(given(settings).timeZone ?? 'UTC'), {
      path: ['timeZone'],
      error: 'is no time zone: take a name like Europe/Berlin or America/New_York',
      when: ({ value }) => typeof given(value).timeZone === 'string',
    })
    .refine((settings) => isLabel(given(settings).issuer ?? 'panel'), {
      path: ['issuer'],
      error: 'must not contain a colon or a control character, nor begin or end with a blank',
      when: ({ value }) => typeof given(value).issuer === 'string',
    });
}

function given(value: unknown): Partial<Settings> {
  return (value ?? {}) as Partial<Settings>;
}

/** A rule for `refine`: this key, if it is given, holds what `read` takes. */
function addressed(key: 'database' | 'redis', read: (text: string) => unknown) {
  const problem = (settings: unknown) => problemWith(read, String(given(settings)[key]));
  return [
    (settings: unknown) => problem(settings) === undefined,
    {
      path: [key] as PropertyKey[],
      error: ({ input }: { readonly input?: unknown }) => problem(input),
      when: ({ value }: { readonly value: unknown }) => typeof given(value)[key] === 'string',
    },
  ] as const;
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
  const settings = parsed.data as FullSettings;
  return { ...settings, issuer: settings.issuer ?? hostOf(settings.publicUrl) };
}

/** The colon divides issuer and account in the key URI (Key URI Format), and apps cut blanks off. */
function isLabel(text: string): boolean {
  return /^[^:\p{C}]*$/u.test(text) && text === text.trim();
}

/** The name people know the panel by, in their own script; of an IPv6 address without its colons. */
function hostOf(publicUrl: string): string {
  const { hostname } = new URL(publicUrl);
  return hostname.startsWith('[') ? hostname.slice(1, -1).replaceAll(':', '-') : domainToUnicode(hostname);
}

/** Our cookies are `Secure` or they are not, whatever name somebody comes by. */
function areSiblings({ publicUrl, publicUrls }: Settings): boolean {
  if (!Array.isArray(publicUrls)) return true;
  const { protocol } = new URL(publicUrl);
  return publicUrls.every((url) => isSafeOrigin(url) && new URL(url).protocol === protocol);
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
