import { Member } from './client-journey.js';
import type { Person } from './demo-people.js';
import { elementsOf } from './html-elements.js';
import type { Fields, Reply } from './panel-client.js';

/** What one request was answered, head and body, and where in the journey. */
export interface Answer {
  readonly phase: string;
  readonly path: string;
  readonly text: string;
}

export function answerOf(phase: string, { path, headers, body }: Reply): Answer {
  const head = [...headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  return { phase, path, text: `${head}\n\n${body}` };
}

/** A member whose every answer is kept. */
export class WatchedMember extends Member {
  readonly #answers: Answer[];
  readonly #phase: () => string;

  constructor(origin: string, person: Person, answers: Answer[], phase: () => string) {
    super(origin, person);
    this.#answers = answers;
    this.#phase = phase;
  }

  override again(): WatchedMember {
    return new WatchedMember(this.origin, this.person, this.#answers, this.#phase);
  }

  override async request(
    path: string,
    init: RequestInit & { readonly headers?: Fields } = {},
  ): Promise<Reply> {
    const reply = await super.request(path, init);
    this.#answers.push(answerOf(this.#phase(), reply));
    return reply;
  }

  /** Posts fields with the tokens of the page they belong to. */
  async send(from: string, to: string, fields: Fields): Promise<Reply> {
    const tokens: Record<string, string> = {};
    for (const { attributes } of elementsOf((await this.get(from)).body)) {
      const { name, value = '' } = attributes;
      if (name === 'csrf' || name === 'twofa_csrf' || name === 'twofa_shown') tokens[name] = value;
    }
    return this.post(to, { ...tokens, ...fields });
  }
}
