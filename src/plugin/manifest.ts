import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Access } from '../http/services.js';

const access = z.enum(['public', 'pending', 'step', 'self', 'admin'] satisfies Access[]);

const manifestSchema = z.strictObject({
  id: z.string(),
  version: z.string(),
  entry: z.string(),
  engines: z.strictObject({ node: z.string() }),
  order: z.strictObject({ after: z.array(z.string()), before: z.array(z.string()) }),
  mount: z.string().regex(/^\/[\w-]+$/),
  routes: z.array(
    z.strictObject({
      name: z.string(),
      method: z.enum(['GET', 'POST']),
      path: z.string().startsWith('/'),
      access,
    }),
  ),
  slots: z.array(z.string()),
  menu: z.array(
    z.strictObject({ section: z.string(), label: z.string(), path: z.string().startsWith('/'), access }),
  ),
  entities: z.array(z.string()),
  migrations: z.array(z.string()),
  templates: z.string(),
  settings: z.record(z.string(), z.unknown()),
});

export type Manifest = z.infer<typeof manifestSchema>;

export const MANIFEST_FILE = 'plugin.manifest.json';

/** Reads a plugin's manifest; throws an Error that names what is wrong in it. */
export function readManifest(file: string): Manifest {
  const parsed = manifestSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** The manifest of this package; throws as {@link readManifest}. */
export function ownManifest(): Manifest {
  return readManifest(join(packageRoot(), MANIFEST_FILE));
}

/** The folder of the package this code belongs to, wherever it was compiled to. */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  for (;;) {
    try {
      readFileSync(join(folder, MANIFEST_FILE));
      return folder;
    } catch {
      const parent = dirname(folder);
      if (parent === folder) throw new Error(`${MANIFEST_FILE} was not found above ${import.meta.dirname}`);
      folder = parent;
    }
  }
}
