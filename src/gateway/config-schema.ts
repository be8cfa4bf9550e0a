import { z } from 'zod';
import { ADDRESS_HEADERS, isTrustable } from './client-address.js';
import { parseListen } from './listen.js';
import { pathsSchema } from './paths-schema.js';
import { isUpstream } from './upstream.js';

/** The gateway's own keys of the configuration; the plugin's stand in its manifest, the panel's at its host. */
export const ownKeys = z.strictObject({
  listen: z.string().refine((text) => parseListen(text) !== undefined, {
    error: 'must be like 127.0.0.1:8090, [::1]:8090 or unix:/run/panel-2fa/gateway.sock',
  }),
  trustedProxies: z
    .array(
      z.string().refine(isTrustable, {
        error: 'must be an address, a network like 10.0.0.0/8, or "unix" for whoever connects to our socket',
      }),
    )
    .default([]),
  addressHeader: z.enum(ADDRESS_HEADERS).default('x-forwarded-for'),
  upstream: z.string().refine(isUpstream, {
    error: 'must be like http+unix:/run/ispconfig/panel.sock, http://127.0.0.1:8082 or https://host:port',
  }),
  upstreamCertificate: z.string().min(1).optional(),
  upstreamSeconds: z.int().min(1).max(3_600).default(60),
  bodySeconds: z.int().min(1).max(3_600).default(600),
  panel: z.looseObject({ type: z.string() }),
  paths: pathsSchema,
  tls: z.strictObject({ cert: z.string().min(1), key: z.string().min(1) }).optional(),
  loginsPerMinute: z.int().min(1).max(10_000).default(10),
  dataFolder: z.string().startsWith('/', { error: 'must be an absolute path' }).optional(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export type OwnConfig = z.infer<typeof ownKeys>;

export const OWN_KEYS = Object.keys(ownKeys.shape);
