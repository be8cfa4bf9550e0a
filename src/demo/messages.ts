import { GERMAN } from './messages-de.js';
import { ENGLISH, type MessageKey } from './messages-en.js';

export type Language = 'en' | 'de';
export type Translate = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;

export const LANGUAGES: readonly Language[] = ['en', 'de'];

const TEXTS: Record<Language, Record<MessageKey, string>> = { en: ENGLISH, de: GERMAN };

/** The panel's own texts in one language; `{name}` stands for a value, which is put in as `shown` says. */
export function translator(language: Language, shown = (value: string) => value): Translate {
  return (key, values = {}) =>
    TEXTS[language][key].replace(/\{(\w+)\}/g, (_, name: string) => shown(String(values[name] ?? '')));
}
