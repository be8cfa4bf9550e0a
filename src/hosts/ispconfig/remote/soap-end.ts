import { BadCall } from './bad-call.js';

/** What may stand behind the start of the last tag: its end, blanks, a comment. */
const MOST_HELD = 65_536;
/** By XML's own blanks: the text is bytes of an encoding that has ASCII's characters as ASCII has them. */
const END = /<\/(?:[^ \t\r\n<>/]*:)?Envelope/;
/** Perhaps the beginning of it, where what came so far ends. */
const BEGUN = /<(?:\/[^ \t\r\n<>/]*)?$/;

/**
 * A SOAP call as it streams, but for its end: from the tag that closes the envelope on it waits for `mayGoOn`, which throws
 * when it may not. A program may act on a document as soon as it is whole, whatever is announced behind it.
 */
export async function* untilEnvelopeEnds(
  chunks: AsyncIterable<Buffer>,
  mayGoOn: () => Promise<void>,
): AsyncGenerator<Buffer> {
  let held = '';
  let isOver = false;
  for await (const chunk of chunks) {
    held += chunk.toString('latin1');
    if (!isOver) {
      const end = held.search(END);
      isOver = end >= 0;
      const passes = isOver ? end : held.length - (BEGUN.exec(held)?.[0].length ?? 0);
      if (passes > 0) yield Buffer.from(held.slice(0, passes), 'latin1');
      held = held.slice(passes);
    }
    if (held.length > MOST_HELD) throw new BadCall('something behind the call', 413);
  }
  await mayGoOn();
  if (held !== '') yield Buffer.from(held, 'latin1');
}
