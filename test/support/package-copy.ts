import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './project.js';
import { tempFolder } from './temp-folder.js';

/** A copy of the package as it is installed, with another manifest; its folder. */
export function packageWith(change: (manifest: Record<string, unknown>) => Record<string, unknown>): string {
  const folder = tempFolder();
  for (const part of ['dist', 'demo', 'templates', 'package.json'])
    cpSync(inProject(part), join(folder, part), { recursive: true });
  symlinkSync(inProject('node_modules'), join(folder, 'node_modules'));
  const manifest = JSON.parse(readFileSync(inProject('plugin.manifest.json'), 'utf8'));
  writeFileSync(join(folder, 'plugin.manifest.json'), JSON.stringify(change(manifest)));
  return folder;
}
