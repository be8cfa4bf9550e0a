import { Eta } from 'eta';
import type { Context } from 'koa';
import { LANGUAGES, type Language, type Translate, translator } from './messages.js';

/** Renders the panel's templates. What they print is escaped unless they say `<%~`, as for a `sentence` with names. */
export class Views {
  readonly #eta: Eta;

  constructor(folder: string) {
    this.#eta = new Eta({ views: folder, cache: true, autoEscape: true });
  }

  /** The account's language, else the best the browser asks for. */
  language(ctx: Context, own?: string): Language {
    const known = LANGUAGES.find((language) => language === own);
    return known ?? ((ctx.acceptsLanguages([...LANGUAGES]) || 'en') as Language);
  }

  translate(language: Language): Translate {
    return translator(language);
  }

  /** The markup of one template. */
  render(template: string, language: Language, data: object): string {
    // A name written from right to left turns nothing around it.
    const isolated = (value: string) => `<bdi>${this.#eta.config.escapeFunction(value)}</bdi>`;
    const sentence = translator(language, isolated);
    return this.#eta.render(template, { ...data, language, t: translator(language), sentence });
  }
}
