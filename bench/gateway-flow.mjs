/** Streams this many bytes through a gateway, one way, and holds nothing itself. */
export async function flow(url, cookie, way, bytes) {
  const headers = { cookie };
  if (way === 'download') {
    const { body } = await fetch(`${url}/download?bytes=${bytes}`, { headers });
    let size = 0;
    for await (const part of body) size += part.length;
    if (size !== bytes) throw new Error(`${size} bytes came`);
    return;
  }
  const part = new Uint8Array(2 ** 20);
  let left = bytes;
  const body = new ReadableStream({
    pull(controller) {
      if (left <= 0) controller.close();
      else controller.enqueue(part);
      left -= part.length;
    },
  });
  const answer = await fetch(`${url}/upload`, { method: 'POST', headers, body, duplex: 'half' });
  const { bytes: arrived } = await answer.json();
  if (arrived !== bytes) throw new Error(`${arrived} bytes came`);
}
