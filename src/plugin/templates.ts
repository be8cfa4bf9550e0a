import { join } from 'node:path';
import { Assets } from '../http/assets.js';
import { type ViewOptions, Views } from '../http/views.js';
import { ownManifest, packageRoot } from './manifest.js';

export interface Templates {
  readonly views: Views;
  readonly assets: Assets;
}

/**
 * Loads markup, texts and assets: ours first, and what the operator's folder has replaces them, file by file.
 * Throws an Error of one line that names the file.
 */
export function openTemplates(
  folder: string | undefined,
  more: Pick<ViewOptions, 'timeZone' | 'panelLanguage'> = {},
): Templates {
  const { templates, mount } = ownManifest();
  const folders = [join(packageRoot(), templates), ...(folder ? [folder] : [])];
  return { views: new Views({ folders, mount, ...more }), assets: new Assets(folders) };
}
