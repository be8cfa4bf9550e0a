import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Authority, newAuthority, SERVER_NAME } from '../support/authority.js';

/**
 * Who is taken in by a server that demands TLS and a client's certificate, and which servers we take.
 *
 * @param open connects to the host of the server with these options, or in plain without, and disconnects
 */
export function tlsCases(
  name: string,
  { ca, client }: Authority,
  open: (host: string, query: string | undefined) => Promise<void>,
): void {
  const own = `cert=${client.cert}&key=${client.key}`;
  const other = newAuthority();
  const cases: readonly [what: string, host: string, query: string | undefined, refused?: RegExp][] = [
    ['the address in the certificate', '127.0.0.1', `ca=${ca}&${own}`],
    ['the name in the certificate', 'localhost', `ca=${ca}&${own}`],
    ['another name of the certificate', '127.0.0.1', `ca=${ca}&${own}&servername=${SERVER_NAME}`],
    ['another name than the host', 'localhost', `ca=${ca}&${own}&servername=${SERVER_NAME}`],
    ['a name that is not in it', 'localhost', `ca=${ca}&${own}&servername=other.test`, /other\.test/],
    ['an address that is not in it', '127.0.0.1', `ca=${ca}&${own}&servername=192.0.2.1`, /192\.0\.2\.1/],
    ['an authority that did not sign it', 'localhost', `ca=${other.ca}&${own}`, /certificate/],
    ['an authority that nobody knows', 'localhost', own, /certificate/],
    ['no certificate of ours', '127.0.0.1', `ca=${ca}`, /./],
    [
      'a certificate of ours by a stranger',
      '127.0.0.1',
      `ca=${ca}&cert=${other.client.cert}&key=${other.client.key}`,
      /./,
    ],
    ['no TLS', '127.0.0.1', undefined, /./],
  ];
  for (const [what, host, query, refused] of cases) {
    test(`${name} that demands TLS, ${what}: ${refused ? 'refused' : 'in'}`, async () => {
      if (refused) await assert.rejects(open(host, query), refused);
      else await open(host, query);
    });
  }
}
