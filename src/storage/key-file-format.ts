import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeptKeys, KeyTimes } from '../core/keys/key-keeper.js';
import { KeyFileError } from './key-file-error.js';

const KEY_BYTES = 32;
const ID = /^[0-9a-f]{8}$/;
/** The name of the audit key where keys of the ring have their id. */
const AUDIT = 'audit';
const MEMBERS = ['id', 'key', 'added', 'retired', 'check'];

/** What a key file holds. */
export interface KeyFileContent extends KeptKeys {
  /** 32 bytes that seal the audit log. They stay when the ring rotates: the log is as old as the installation. */
  readonly audit: Buffer;
}

/** A ring of one new key and an audit key. */
export function newKeyRingText(at = Date.now()): string {
  const [id, key] = newKey();
  const times = new Map([[id, { added: at }]]);
  return keyFileText({ active: id, keys: new Map([[id, key]]), times, audit: randomBytes(KEY_BYTES) });
}

/** An id and a key that nobody had before. */
export function newKey(): [id: string, key: Buffer] {
  return [randomBytes(4).toString('hex'), randomBytes(KEY_BYTES)];
}

/**
 * The text of a key file, oldest key first: `{ "active": "<id>", "keys": [{ "id": "<8 hex>", "key": "<base64 of 32
 * bytes>", "added": "<ISO 8601>", "retired": "<ISO 8601>", "check": "<16 hex>" }], "audit": { "key": …, "check": … } }`.
 * `check` tells a key that was changed on its way from one that is only unknown; nothing of the key can be learned from it.
 */
export function keyFileText({ active, keys, times, audit }: KeyFileContent): string {
  const entries = [...keys].map(([id, key]) => {
    const { added, retired } = times.get(id) ?? {};
    return {
      id,
      key: key.toString('base64'),
      added: isoOf(added),
      retired: isoOf(retired),
      check: checkOf(id, key),
    };
  });
  const sealing = { key: audit.toString('base64'), check: checkOf(AUDIT, audit) };
  return `${JSON.stringify({ active, keys: entries, audit: sealing }, undefined, 2)}\n`;
}

/**
 * Reads a key file. Throws a `KeyFileError` for anything that is not exactly one. Files of the first version have keys
 * without times and without `check`, and no audit key: it is derived from the oldest key then, and whoever rewrites
 * the file keeps what was derived.
 */
export function parseKeyRing(path: string, text: string): KeyFileContent {
  const { active, keys: entries, audit, ...rest } = parseObject(path, text);
  if (Object.keys(rest).length > 0) {
    throw new KeyFileError(path, 'is malformed: it has an unknown part');
  }
  if (!Array.isArray(entries)) {
    throw new KeyFileError(path, 'is malformed: "keys" is not a list');
  }
  const keys = new Map<string, Buffer>();
  const times = new Map<string, KeyTimes>();
  for (const entry of entries) {
    const { id, key, added, retired, check } = (entry ?? {}) as Record<string, unknown>;
    if (typeof id !== 'string' || !ID.test(id)) {
      throw new KeyFileError(path, 'is malformed: the id of a key is not 8 hexadecimal digits');
    }
    if (keys.has(id)) {
      throw new KeyFileError(path, `is malformed: two keys have the id ${id}`);
    }
    if (Object.keys(entry).some((member) => !MEMBERS.includes(member))) {
      throw new KeyFileError(path, `is malformed: key ${id} has an unknown part`);
    }
    const bytes = parseKey(path, id, key);
    if (check !== undefined && !isCheckOf(id, bytes, check)) {
      throw new KeyFileError(
        path,
        `is damaged: key ${id} is not the one that was written; restore your backup`,
      );
    }
    keys.set(id, bytes);
    times.set(id, { ...timeOf(path, id, 'added', added), ...timeOf(path, id, 'retired', retired) });
  }
  if (typeof active !== 'string' || !keys.has(active)) {
    throw new KeyFileError(path, 'is malformed: "active" is not the id of one of its keys');
  }
  const [oldest] = keys.values();
  return {
    active,
    keys,
    times,
    audit: audit === undefined && oldest ? derivedAuditKey(oldest) : parseAuditKey(path, audit),
  };
}

function parseAuditKey(path: string, audit: unknown): Buffer {
  const { key, check } = (audit ?? {}) as Record<string, unknown>;
  const bytes = parseKey(path, AUDIT, key);
  if (!isCheckOf(AUDIT, bytes, check)) {
    throw new KeyFileError(
      path,
      'is damaged: the audit key is not the one that was written; restore your backup',
    );
  }
  return bytes;
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

function checkOf(id: string, key: Buffer): string {
  return createHmac('sha256', key).update(`panel-2fa/key-file/${id}`).digest('hex').slice(0, 16);
}

function isCheckOf(id: string, key: Buffer, check: unknown): boolean {
  const [expected, given] = [Buffer.from(checkOf(id, key)), Buffer.from(String(check))];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function isoOf(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

function timeOf(path: string, id: string, name: keyof KeyTimes, text: unknown): KeyTimes {
  if (text === undefined) return {};
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new KeyFileError(path, `is malformed: "${name}" of key ${id} is not a time`);
  return { [name]: time };
}
