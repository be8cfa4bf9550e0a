import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import IntlMessageFormat from 'intl-messageformat';

export const FALLBACK_LANGUAGE = 'en';

export type MessageValues = Readonly<Record<string, string | number>>;

/** A text of the catalogue in one language; throws for a key that the catalogue does not have. */
export type Translate = (key: string, values?: MessageValues) => string;

/** The texts of all languages, in ICU message format, from `messages/<language>.json` of one or more folders. */
export class Messages {
  readonly #texts = new Map<string, Map<string, IntlMessageFormat>>();

  /** Later folders add languages and replace single texts. */
  constructor(folders: readonly string[]) {
    for (const folder of folders.map((root) => join(root, 'messages'))) {
      if (!existsSync(folder)) continue;
      for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
        this.#load(file.slice(0, -'.json'.length), join(folder, file));
      }
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
    const entries = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    for (const [key, text] of Object.entries(entries)) {
      texts.set(key, new IntlMessageFormat(text, language, undefined, { ignoreTag: true }));
    }
    this.#texts.set(language, texts);
  }
}
