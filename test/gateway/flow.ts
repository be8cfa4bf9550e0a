import assert from 'node:assert/strict';

const PART = new Uint8Array(1_048_576);

/** Streams this many bytes (of whole megabytes) through a gateway, one way, and holds nothing itself. */
export async function flow(
  url: string,
  cookie: string,
  way: 'download' | 'upload',
  bytes: number,
): Promise<void> {
  assert.equal(await (way === 'download' ? download : upload)(url, { cookie }, bytes), bytes);
}

async function download(url: string, headers: Record<string, string>, bytes: number): Promise<number> {
  const reply = await fetch(`${url}/download?bytes=${bytes}`, { headers });
  let size = 0;
  for await (const part of reply.body ?? []) size += (part as Uint8Array).length;
  return size;
}

async function upload(url: string, headers: Record<string, string>, bytes: number): Promise<number> {
  let left = bytes;
  const body = new ReadableStream({
    pull(controller) {
      if (left <= 0) controller.close();
      else controller.enqueue(PART);
      left -= PART.length;
    },
  });
  const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
  const reply = await fetch(`${url}/upload`, init);
  return ((await reply.json()) as { bytes: number }).bytes;
}
