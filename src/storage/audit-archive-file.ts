import { createReadStream } from 'node:fs';
import { link, open, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { AuditEvent } from '../core/audit/audit.js';
import type { ArchiveRange } from '../core/audit/audit-archive.js';
import type { AuditRow } from '../core/audit/audit-seal.js';
import { openRegularFile } from '../input/regular-file.js';
import { syncFolder } from './durable-file.js';

const CHUNK_CHARACTERS = 2 ** 16;
const FORMAT = 'panel-2fa audit archive 1';

const head = z.strictObject({ sequence: z.int().min(0), mac: z.string() });
const headerLine = z.strictObject({
  format: z.literal(FORMAT),
  after: head,
  end: head,
  keyId: z.string(),
  mac: z.string(),
});
const account = z.strictObject({ realm: z.enum(['user', 'mailuser']), id: z.string() });
const rowLine = z.strictObject({
  sequence: z.int(),
  keyId: z.string().nullable(),
  mac: z.string().nullable(),
  action: z.string(),
  actor: account,
  account,
  accountName: z.string(),
  address: z.string(),
  at: z.int(),
  reason: z.string().optional(),
});

/** The first line of an archive: its range, sealed. */
export type ArchiveHeader = ArchiveRange & { readonly keyId: string; readonly mac: string };

/** Why a file is no archive that can be used, in one line for an operator. */
export class ArchiveFileError extends Error {
  override readonly name = 'ArchiveFileError';
}

/**
 * Writes an archive: JSON lines, the header first, then a row each. It appears at `path` whole and durable or not at all;
 * mode 0400. A file that is there is left alone.
 */
export async function writeArchive(
  path: string,
  header: ArchiveHeader,
  rows: AsyncIterable<AuditRow>,
): Promise<void> {
  const temporary = halfOf(path);
  const file = await open(temporary, 'wx', 0o400);
  try {
    await writeFile(file, inChunks(lines(header, rows)));
    await file.sync();
    await link(temporary, path);
    await syncFolder(dirname(path));
  } finally {
    await file.close();
    await rm(temporary, { force: true });
  }
}

/** Removes what a run that was killed has left beside an archive. One that is at it right now fails then. */
export async function removeHalf(path: string): Promise<void> {
  await rm(halfOf(path), { force: true });
}

function halfOf(path: string): string {
  return `${path}.part`;
}

async function* lines(header: ArchiveHeader, rows: AsyncIterable<AuditRow>): AsyncGenerator<string> {
  yield lineOf({ format: FORMAT, ...header });
  for await (const { sequence, event, keyId, mac } of rows) {
    const { action, actor, account, accountName, address, at, reason } = event;
    yield lineOf({ sequence, at, action, actor, account, accountName, address, reason, keyId, mac });
  }
}

async function* inChunks(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

/** JSON leaves two characters as they are that readers take for the end of a line. */
function lineOf(value: object): string {
  const text = JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return `${text}\n`;
}

/** The header of an archive; its seal is not looked at. Undefined when there is no such file. */
export async function archiveHeader(path: string): Promise<ArchiveHeader | undefined> {
  try {
    for await (const line of linesOf(path)) {
      const { format: _, ...header } = parsed(path, 1, headerLine, line);
      return header;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  throw new ArchiveFileError(`${path} is no audit archive: it is empty`);
}

/** The rows of an archive in their order, verified by nobody. */
export async function* archiveRows(path: string): AsyncGenerator<AuditRow, void, undefined> {
  let number = 0;
  for await (const line of linesOf(path)) {
    number += 1;
    if (number === 1) continue;
    const { sequence, keyId, mac, ...event } = parsed(path, number, rowLine, line);
    yield { sequence, event: event as AuditEvent, keyId, mac };
  }
}

async function* linesOf(path: string): AsyncGenerator<string, void, undefined> {
  const input = createReadStream(path, { fd: openRegularFile(path) });
  try {
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  } finally {
    input.destroy();
  }
}

function parsed<Line>(path: string, number: number, schema: z.ZodType<Line>, line: string): Line {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    throw new ArchiveFileError(`${path} is no whole audit archive: line ${number} is not one of its lines`);
  }
}
