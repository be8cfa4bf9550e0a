import assert from 'node:assert/strict';
import { createConnection } from 'mysql2/promise';
import type { Page } from 'playwright-core';
import { settings } from './settings.js';

const COOKIE = 'ISPCSESS';

/** The panel session that a browser has. */
export async function sessionIdOf(page: Page): Promise<string> {
  const cookie = (await page.context().cookies()).find(({ name }) => name === COOKIE);
  if (!cookie) throw new Error('The browser has no session of the panel');
  return cookie.value;
}

/**
 * The panel has really ended a session: asked of its database when that was given, and in any case of the gateway
 * with the old cookie.
 */
export async function assertSessionGone(url: string, id: string): Promise<void> {
  const reply = await fetch(`${url}/index.php`, {
    headers: { cookie: `${COOKIE}=${id}` },
    redirect: 'manual',
  });
  await reply.text();
  assert.match(reply.headers.get('location') ?? '', /\/login\/$/);
  if (!settings.panelDatabase) return;
  const database = await createConnection(settings.panelDatabase);
  try {
    const [rows] = await database.query('SELECT session_id FROM sys_session WHERE session_id = ?', [id]);
    assert.deepEqual(rows, []);
  } finally {
    await database.end();
  }
}
