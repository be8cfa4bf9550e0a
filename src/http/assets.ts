import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'koa';
import { PageError } from './page-error.js';

interface Asset {
  readonly body: Buffer;
  readonly etag: string;
}

/** Our style sheet and script, read at start; a file of a later folder replaces one of the same name. */
export class Assets {
  readonly #files = new Map<string, Asset>();

  constructor(folders: readonly string[]) {
    for (const folder of folders.map((root) => join(root, 'assets'))) {
      if (!existsSync(folder)) continue;
      for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((one) => one.isFile())) {
        const body = readFileSync(join(folder, name));
        const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
        this.#files.set(name, { body, etag });
      }
    }
  }

  show(ctx: Context): void {
    const name: string = ctx.params.file;
    const asset = this.#files.get(name);
    if (!asset) throw new PageError(404, 'error.not-found');
    ctx.type = name.slice(name.lastIndexOf('.'));
    ctx.set('Cache-Control', 'public, max-age=300');
    ctx.set('ETag', asset.etag);
    ctx.status = 200;
    if (ctx.fresh) ctx.status = 304;
    else ctx.body = asset.body;
  }
}
