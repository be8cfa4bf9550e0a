import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { errorLog } from '../../src/gateway/log.js';

test('A60 an error is written once a second, however many requests meet it, and another one as well', async () => {
  const lines: unknown[] = [];
  const tell = errorLog({ error: ({ err }: { err: Error }) => lines.push(err.cause) } as unknown as Logger);
  const away = (cause: string) => new Error('no store', { cause });
  for (let n = 0; n < 500; n += 1) tell(away('first'));
  tell(away('second'));
  assert.deepEqual(lines, ['first', 'second']);
  await delay(1_050);
  tell(away('first'));
  assert.deepEqual(lines, ['first', 'second', 'first']);
});
