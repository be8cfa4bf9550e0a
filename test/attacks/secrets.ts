import assert from 'node:assert/strict';
import { findsOf, recoverySpellings, secretSpellings, textSpellings } from '../support/spellings.js';
import type { Answer } from '../support/watched-member.js';

export type Kind = 'secret' | 'code' | 'recovery code' | 'password';

interface Kept {
  readonly kind: Kind;
  readonly name: string;
  readonly spellings: readonly string[];
}

/** All that must not be found, in every spelling that programs write it in. */
export class Secrets {
  readonly #kept: Kept[] = [];

  /** Base32. */
  key(name: string, base32: string): void {
    this.#kept.push({ kind: 'secret', name, spellings: secretSpellings(base32) });
  }

  /** The code itself. */
  code(code: string): string {
    this.#kept.push({ kind: 'code', name: code, spellings: [code] });
    return code;
  }

  recoveryCodes(set: string, codes: readonly string[]): void {
    assert.equal(codes.length, 10);
    for (const [index, code] of codes.entries())
      this.#kept.push({ kind: 'recovery code', name: `${set} ${index}`, spellings: recoverySpellings(code) });
  }

  password(name: string, password: string): void {
    this.#kept.push({ kind: 'password', name, spellings: textSpellings(password) });
  }

  count(kind: Kind): number {
    return this.#kept.filter((kept) => kept.kind === kind).length;
  }

  spellingsOf(name: string): readonly string[] {
    return this.#kept.find((kept) => kept.name === name)?.spellings ?? assert.fail(name);
  }

  /** What of it stands in a text, of one kind or of all. */
  findings(text: string, wanted?: Kind): string[] {
    return this.#kept
      .filter(({ kind }) => wanted === undefined || kind === wanted)
      .flatMap(({ kind, name, spellings }) =>
        findsOf(text, spellings).map((found) => `${kind} ${name} as ${JSON.stringify(found)}`),
      );
  }

  /**
   * Recovery codes stand in the answers of the four acts that make them and nowhere else, keys in those of the three acts
   * that begin with one and at `keyPlaces` only, codes and passwords in none. Gives the places of keys.
   */
  assertShownOnce(answers: readonly Answer[], keyPlaces: RegExp): readonly string[] {
    assert.deepEqual(this.placesOf('recovery code', answers), [
      'disable /2fa/settings/register',
      'enrol /2fa/settings/register',
      'move /2fa/settings/register',
      'renew /2fa/settings/recovery-codes',
    ]);
    const keys = this.placesOf('secret', answers);
    for (const phase of ['enrol', 'move', 'disable']) {
      assert.ok(
        keys.some((place) => place.startsWith(`${phase} `)),
        `${phase}: ${keys}`,
      );
    }
    assert.deepEqual(
      keys.filter((place) => !keyPlaces.test(place)),
      [],
    );
    assert.deepEqual(this.placesOf('code', answers), []);
    assert.deepEqual(this.placesOf('password', answers), []);
    return keys;
  }

  /** Which answers have something of a kind, as `<phase> <path>`. */
  placesOf(kind: Kind, answers: readonly Answer[]): string[] {
    const found = answers.filter(({ text }) => this.findings(text, kind).length > 0);
    return [...new Set(found.map(({ phase, path }) => `${phase} ${path}`))].sort();
  }

  /** Each spelling is found where it is put. */
  assertFound(): void {
    for (const { name, spellings } of this.#kept)
      for (const spelling of spellings) {
        assert.ok(spelling.length >= 6, name);
        assert.notDeepEqual(this.findings(`x\n"${spelling}"\n`), [], `${name}: ${spelling}`);
      }
  }
}
