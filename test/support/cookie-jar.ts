/** Cookies of one origin, kept as a browser keeps them; `Path`, `Domain` and `Secure` are not looked at. */
export class CookieJar {
  readonly #values = new Map<string, string>();
  /** Names of those that go with the browser. */
  readonly #brief = new Set<string>();

  /** Takes over the raw `Set-Cookie` lines of an answer. */
  take(lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      if (at < 1) continue;
      const name = pair.slice(0, at);
      if (attributes.some(isPast)) this.#values.delete(name);
      else this.#values.set(name, pair.slice(at + 1));
      if (attributes.some((attribute) => /^(?:max-age|expires)=/i.test(attribute))) this.#brief.delete(name);
      else this.#brief.add(name);
    }
  }

  /** The browser is closed and opened again. */
  restart(): void {
    for (const name of this.#brief) this.#values.delete(name);
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** Plants a cookie, or with `undefined` loses one. */
  set(name: string, value: string | undefined): void {
    if (value === undefined) this.#values.delete(name);
    else this.#values.set(name, value);
  }

  get names(): string[] {
    return [...this.#values.keys()];
  }

  /** The value of a `Cookie` header; empty without cookies. */
  get header(): string {
    return [...this.#values].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** A second browser with the same cookies, as a thief has them. */
  copy(): CookieJar {
    const jar = new CookieJar();
    for (const [name, value] of this.#values) jar.set(name, value);
    return jar;
  }
}

function isPast(attribute: string): boolean {
  const [name = '', value = ''] = attribute.split(/=(.*)/);
  if (name.toLowerCase() === 'max-age') return Number(value) <= 0;
  return name.toLowerCase() === 'expires' && Date.parse(value) <= Date.now();
}
