import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import IntlMessageFormat from 'intl-messageformat';
import { FileError, readJsonFile } from '../input/json-file.js';

export const FALLBACK_LANGUAGE = 'en';

export type MessageValues = Readonly<Record<string, string | number>>;

/** A text of the catalogue in one language; throws for a key that the catalogue does not have. */
export type Translate = (key: string, values?: MessageValues) => string;

/** The texts of all languages, in ICU message format, from `messages/<language>.json` of one or more folders. */
export class Messages {
  readonly #texts = new Map<string, Map<string, IntlMessageFormat>>();

  /** Later folders add languages and replace single texts. Throws a `FileError` that names the file and what is wrong in it. */
  constructor(folders: readonly string[]) {
    for (const folder of folders.map((root) => join(root, 'messages'))) {
      if (!existsSync(folder)) continue;
      // Hidden files are what macOS and editors leave beside the ones they copy.
      const names = readdirSync(folder).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
      for (const name of names) this.#load(languageOf(join(folder, name)), join(folder, name));
    }
  }

  /** English first: it is what somebody gets who takes any language. */
  get languages(): string[] {
    const others = [...this.#texts.keys()].filter((language) => language !== FALLBACK_LANGUAGE);
    return [FALLBACK_LANGUAGE, ...others];
  }

  /** A language without a text falls back to English, text by text. */
  in(language: string): Translate {
    const own = this.#texts.get(language);
    const fallback = this.#texts.get(FALLBACK_LANGUAGE);
    return (key, values) => {
      const message = own?.get(key) ?? fallback?.get(key);
      if (!message) throw new Error(`No text "${key}" in the message catalogues`);
      return String(message.format(values));
    };
  }

  #load(language: string, file: string): void {
    const texts = this.#texts.get(language) ?? new Map<string, IntlMessageFormat>();
    const entries = readJsonFile(file);
    if (typeof entries !== 'object' || entries === null || Array.isArray(entries)) {
      throw new FileError(`${file}: must be an object of texts by their keys`);
    }
    for (const [key, text] of Object.entries(entries)) {
      if (typeof text !== 'string') throw new FileError(`${file}: ${key} must be a text`);
      try {
        texts.set(key, new IntlMessageFormat(text, language, undefined, { ignoreTag: true }));
      } catch (error) {
        throw new FileError(`${file}: ${key} is not in ICU message format: ${(error as Error).message}`);
      }
    }
    this.#texts.set(language, texts);
  }
}

/** The BCP 47 tag a catalogue is named by; `pt_BR.json` is meant as `pt-BR.json`. Throws a `FileError` for other names. */
function languageOf(file: string): string {
  try {
    const [language = ''] = Intl.getCanonicalLocales(basename(file, '.json').replaceAll('_', '-'));
    return language;
  } catch {
    throw new FileError(
      `${file}: the name must be that of a language, like de.json or pt-BR.json; rename or remove it`,
    );
  }
}
