import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { PageBook, UnknownPage } from '../hosts/page-book.js';
import { readRegularFile } from '../input/regular-file.js';
import type { GatewayConfig } from './config.js';
import { dataFolderOf } from './own-paths.js';

const MOST_BYTES = 65_536;

/** The file in the data folder that says which pages of the panel are unknown; `panel-2fa doctor` reads it too. */
export function pageFileOf(config: GatewayConfig): string {
  return join(dataFolderOf(config), 'unknown-pages.json');
}

/** The pages in the file; none without one. Throws an Error when it is another file. */
export function readPageFile(file: string): readonly UnknownPage[] {
  if (!existsSync(file)) return [];
  const text = readRegularFile(file).toString('utf8');
  if (text.length > MOST_BYTES) throw new Error(`${file} is too long`);
  const pages: unknown = JSON.parse(text);
  if (!Array.isArray(pages) || !pages.every(isPage)) throw new Error(`${file} is no list of pages`);
  return pages;
}

/** Keeps the book in a file. Whatever is wrong with the file is logged: no page waits for it. */
export function pageFile(file: string, log: Logger): PageBook {
  const careful = <Result>(act: () => Result, otherwise: Result): Result => {
    try {
      return act();
    } catch (error) {
      log.warn({ reason: (error as Error).message }, 'the list of unknown pages cannot be kept');
      return otherwise;
    }
  };
  return {
    read: () => careful(() => readPageFile(file), []),
    write: (pages) =>
      careful(() => {
        writeFileSync(`${file}.new`, `${JSON.stringify(pages)}\n`, { mode: 0o600 });
        renameSync(`${file}.new`, file);
      }, undefined),
  };
}

function isPage(page: unknown): page is UnknownPage {
  const { path, theme } = (page ?? {}) as Record<string, unknown>;
  return typeof path === 'string' && typeof theme === 'string';
}
