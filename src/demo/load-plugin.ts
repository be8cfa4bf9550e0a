import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Middleware } from 'koa';
import { satisfies } from 'semver';
import type { TwoFactor, TwoFactorOptions } from '../index.js';
import { MANIFEST_FILE, type Manifest, readManifest } from '../plugin/manifest.js';

/** The places this panel has for blocks of a plugin. */
const PLACES = ['settings', 'password', 'user-edit'];

interface Entry {
  createTwoFactor(options: TwoFactorOptions): Promise<TwoFactor>;
}

/** A plugin that has started, with what its manifest says of it. */
export interface LoadedPlugin {
  readonly manifest: Manifest;
  readonly twoFactor: TwoFactor;
}

/** One step of the panel's answer to a request. */
export interface Step {
  readonly name: string;
  readonly middleware: Middleware;
}

/** Starts the plugin in a folder through its manifest. Rejects when anything is missing: the panel never runs without it. */
export async function loadPlugin(folder: string, options: TwoFactorOptions): Promise<LoadedPlugin> {
  const manifest = readManifest(join(folder, MANIFEST_FILE));
  if (!satisfies(process.versions.node, manifest.engines.node)) {
    throw new Error(
      `${manifest.id} needs Node ${manifest.engines.node}, and this is ${process.versions.node}`,
    );
  }
  const homeless = manifest.slots.filter((slot) => !PLACES.includes(slot));
  if (homeless.length > 0)
    throw new Error(`${manifest.id} has slots this panel has no place for: ${homeless.join(', ')}`);
  const entry: Entry = await import(pathToFileURL(join(folder, manifest.entry)).href);
  return { manifest, twoFactor: await entry.createTwoFactor(options) };
}

/** The panel's steps with the plugin's where its manifest wants it. */
export function placed(steps: readonly Step[], { manifest, twoFactor }: LoadedPlugin): Step[] {
  const { after, before } = manifest.order;
  const at = (name: string) => {
    const index = steps.findIndex((step) => step.name === name);
    if (index < 0) throw new Error(`${manifest.id} refers to "${name}", which this panel does not have`);
    return index;
  };
  const earliest = Math.max(0, ...after.map((name) => at(name) + 1));
  const latest = Math.min(steps.length, ...before.map(at));
  if (earliest > latest) throw new Error(`${manifest.id} cannot come after ${after} and before ${before}`);
  return steps.toSpliced(latest, 0, { name: manifest.id, middleware: twoFactor.middleware });
}
