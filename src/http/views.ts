import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import type { Context } from 'koa';
import type { Account } from '../core/account/account.js';
import { FileError } from '../input/json-file.js';
import { readableName } from '../input/mail-name.js';
import { readRegularFile } from '../input/regular-file.js';
import { FALLBACK_LANGUAGE, Messages, type Translate } from './messages.js';

export interface ViewOptions {
  /** Folders with templates and catalogues; a file of a later folder replaces one of the same name. */
  readonly folders: readonly string[];
  /** The path our pages are mounted at. */
  readonly mount: string;
  /** Of the times on the pages; the zone of this machine without it. */
  readonly timeZone?: string | undefined;
  /** The panel's own language for whoever's it does not have, as far as it is known. */
  readonly panelLanguage?: () => string | undefined;
}

/** Renders the templates. What they print is escaped unless they say `<%~`, which other templates, sentences and the QR code get. */
export class Views {
  readonly #eta = new Eta({ cache: true, autoEscape: true });
  readonly #messages: Messages;
  readonly #mount: string;
  readonly #timeZone: string | undefined;
  readonly #panelLanguage: () => string | undefined;
  readonly #clocks = new Map<string, Intl.DateTimeFormat>();

  constructor(options: ViewOptions) {
    this.#messages = new Messages(options.folders);
    this.#mount = options.mount;
    this.#timeZone = options.timeZone;
    this.#panelLanguage = options.panelLanguage ?? (() => undefined);
    for (const folder of options.folders) {
      if (!existsSync(folder)) throw new Error(`The template folder ${folder} does not exist`);
      for (const file of readdirSync(folder).filter(
        (name) => name.endsWith('.eta') && !name.startsWith('.'),
      )) {
        this.#load(`@${file.slice(0, -'.eta'.length)}`, join(folder, file));
      }
    }
  }

  #load(name: string, file: string): void {
    try {
      this.#eta.loadTemplate(name, readRegularFile(file).toString('utf8'));
    } catch (error) {
      throw new FileError(`${file}: ${oneLine((error as Error).message)}`);
    }
  }

  /**
   * The account's language when we have it, or its base; the panel's when we do not. Without an account the best the
   * browser asks for, and the panel's when it asks for none of ours.
   */
  language(ctx: Context, account?: Account): string {
    const own = this.#have(account?.language);
    if (own) return own;
    const panels = this.#have(this.#panelLanguage());
    if (account?.language && panels) return panels;
    // Who takes any language gets the first.
    const languages = [panels ?? FALLBACK_LANGUAGE, ...this.#messages.languages];
    return ctx.acceptsLanguages(languages) || panels || FALLBACK_LANGUAGE;
  }

  /** `pt` stands for `pt-BR` when there is no other. */
  #have(language: string | undefined): string | undefined {
    const { languages } = this.#messages;
    return [language, language?.split('-')[0]].find((tag) => tag !== undefined && languages.includes(tag));
  }

  /** The zone that times on the pages are of; undefined for this machine's. */
  get timeZone(): string | undefined {
    return this.#timeZone;
  }

  translate(language: string): Translate {
    return this.#messages.in(language);
  }

  /** Made once per language: making one takes longer than rendering a page. */
  #clockOf(language: string): Intl.DateTimeFormat {
    let clock = this.#clocks.get(language);
    if (!clock) {
      clock = new Intl.DateTimeFormat(language, {
        year: 'numeric',
        month: 'short',
        day: 'numeric',
        hour: 'numeric',
        minute: '2-digit',
        timeZoneName: 'short',
        timeZone: this.#timeZone,
      });
      this.#clocks.set(language, clock);
    }
    return clock;
  }

  /** The markup of one template. */
  render(template: string, language: string, data: object): string {
    const t = this.translate(language);
    return this.#eta.render(`@${template}`, {
      ...data,
      language,
      mount: this.#mount,
      t,
      sentence: (key: string, names: Readonly<Record<string, string>>) => this.#sentence(t, key, names),
      readable: readableName,
      time: (at: number) => this.#clockOf(language).format(at),
    });
  }

  /** A text as markup in which names are isolated: one written from right to left turns nothing around it (UAX #9). */
  #sentence(t: Translate, key: string, names: Readonly<Record<string, string>>): string {
    const escaped = this.#eta.config.escapeFunction;
    const places = Object.fromEntries(Object.keys(names).map((name) => [name, `\u2068${name}\u2069`]));
    return escaped(t(key, places)).replace(
      /\u2068(\w+)\u2069/g,
      (_place, name: string) => `<bdi>${escaped(names[name])}</bdi>`,
    );
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
