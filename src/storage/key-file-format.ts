import { hkdfSync, randomBytes } from 'node:crypto';
import type { KeyMaterial } from '../core/key-ring.js';
import { KeyFileError } from './key-file-error.js';

const KEY_BYTES = 32;
const ID = /^[0-9a-f]{8}$/;

/** What a key file holds. */
export interface KeyFileContent extends KeyMaterial {
  /** 32 bytes that seal the audit log. They stay when the ring rotates: the log is as old as the installation. */
  readonly audit: Buffer;
}

/** A ring of one new key and an audit key. */
export function newKeyRingText(): string {
  const id = randomBytes(4).toString('hex');
  const keys = new Map([[id, randomBytes(KEY_BYTES)]]);
  return keyFileText({ active: id, keys, audit: randomBytes(KEY_BYTES) });
}

/**
 * The text of a key file, oldest key first:
 * `{ "active": "<id>", "keys": [{ "id": "<8 hex>", "key": "<base64 of 32 bytes>" }], "audit": "<base64 of 32 bytes>" }`.
 */
export function keyFileText({ active, keys, audit }: KeyFileContent): string {
  const entries = [...keys].map(([id, key]) => ({ id, key: key.toString('base64') }));
  return `${JSON.stringify({ active, keys: entries, audit: audit.toString('base64') }, undefined, 2)}\n`;
}

/**
 * Reads a key file. Throws a `KeyFileError` for anything that is not exactly one. A file of the first version has no
 * audit key; it is derived from its oldest key then, and whoever rewrites the file keeps what was derived.
 */
export function parseKeyRing(path: string, text: string): KeyFileContent {
  const { active, keys: entries, audit } = parseObject(path, text);
  if (!Array.isArray(entries)) {
    throw new KeyFileError(path, 'is malformed: "keys" is not a list');
  }
  const keys = new Map<string, Buffer>();
  for (const entry of entries) {
    const { id, key } = (entry ?? {}) as Record<string, unknown>;
    if (typeof id !== 'string' || !ID.test(id)) {
      throw new KeyFileError(path, 'is malformed: the id of a key is not 8 hexadecimal digits');
    }
    if (keys.has(id)) {
      throw new KeyFileError(path, `is malformed: two keys have the id ${id}`);
    }
    keys.set(id, parseKey(path, id, key));
  }
  if (typeof active !== 'string' || !keys.has(active)) {
    throw new KeyFileError(path, 'is malformed: "active" is not the id of one of its keys');
  }
  const [oldest] = keys.values();
  return {
    active,
    keys,
    audit: audit === undefined && oldest ? derivedAuditKey(oldest) : parseKey(path, 'audit', audit),
  };
}

function derivedAuditKey(master: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', master, '', 'panel-2fa/audit', KEY_BYTES));
}

function parseObject(path: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The message of JSON.parse quotes the text, which may be half a key.
    throw new KeyFileError(path, 'is malformed: it is not JSON');
  }
  if (typeof value !== 'object' || value === null) {
    throw new KeyFileError(path, 'is malformed: it is not a JSON object');
  }
  return value as Record<string, unknown>;
}

/** `Buffer.from` skips what is not base64, so the text must be the one that these bytes are written as. */
function parseKey(path: string, id: string, text: unknown): Buffer {
  const key = typeof text === 'string' ? Buffer.from(text, 'base64') : undefined;
  if (key === undefined || key.length !== KEY_BYTES || key.toString('base64') !== text) {
    throw new KeyFileError(path, `is malformed: key ${id} is not the base64 of ${KEY_BYTES} bytes`);
  }
  return key;
}
