import { hkdfSync } from 'node:crypto';

/** The master keys by id, as the key file holds them. */
export interface KeyMaterial {
  /** The id of the key that new tokens are made with. */
  readonly active: string;
  /** 32 bytes each. */
  readonly keys: ReadonlyMap<string, Buffer>;
}

/** One use of a key per purpose: what is signed for one can never be valid for another. */
export type KeyPurpose = 'sealing' | 'clearance' | 'opening' | 'csrf';

/**
 * Derives purpose keys from the master keys by HKDF-SHA256 (RFC 5869) and remembers them. The keys can change while
 * the program runs; `active` and `activeId` belong together when nothing is awaited between the two.
 */
export class KeyRing {
  #material: KeyMaterial;
  readonly #lookAgain: (() => KeyMaterial | undefined) | undefined;
  readonly #derived = new Map<string, Buffer>();

  /** `lookAgain` is asked for newer keys when a key id is unknown; often, when somebody makes ids up. */
  constructor(material: KeyMaterial, lookAgain?: () => KeyMaterial | undefined) {
    this.#material = checked(material);
    this.#lookAgain = lookAgain;
  }

  get activeId(): string {
    return this.#material.active;
  }

  /** From now on these keys and no others. */
  use(material: KeyMaterial): void {
    this.#material = checked(material);
    this.#derived.clear();
  }

  /** Is there a key with this id? */
  has(id: string): boolean {
    return this.#master(id) !== undefined;
  }

  /** The 32-byte key of a purpose, or undefined when the ring has no key with this id. */
  find(purpose: KeyPurpose, id: string): Buffer | undefined {
    const name = `${purpose}/${id}`;
    const known = this.#derived.get(name);
    if (known) return known;
    const master = this.#master(id);
    if (!master) return undefined;
    const key = Buffer.from(hkdfSync('sha256', master, '', `panel-2fa/${purpose}`, 32));
    this.#derived.set(name, key);
    return key;
  }

  active(purpose: KeyPurpose): Buffer {
    const key = this.find(purpose, this.activeId);
    if (!key) throw new Error('The active key is missing');
    return key;
  }

  #master(id: string): Buffer | undefined {
    const master = this.#material.keys.get(id);
    if (master) return master;
    const newer = this.#lookAgain?.();
    if (!newer) return undefined;
    this.use(newer);
    return newer.keys.get(id);
  }
}

function checked(material: KeyMaterial): KeyMaterial {
  if (!material.keys.has(material.active)) {
    throw new Error(`The key ring has no key with the id of the active one, ${material.active}`);
  }
  return material;
}
