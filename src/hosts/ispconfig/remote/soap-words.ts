import { escapeXml } from './xml-tree.js';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const SPACES = {
  soap: 'xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"',
  soap12: 'xmlns:env="http://www.w3.org/2003/05/soap-envelope"',
  instance: 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
};

/** A fault as PHP's SOAP server writes it, in the version of the caller. */
export function soapFault(is12: boolean, code: string, message: string): string {
  const text = escapeXml(message);
  return is12
    ? `${HEAD}<env:Envelope ${SPACES.soap12}><env:Body><env:Fault><env:Code><env:Value>${code}</env:Value></env:Code><env:Reason><env:Text>${text}</env:Text></env:Reason></env:Fault></env:Body></env:Envelope>\n`
    : `${HEAD}<SOAP-ENV:Envelope ${SPACES.soap}><SOAP-ENV:Body><SOAP-ENV:Fault><faultcode>${code}</faultcode><faultstring>${text}</faultstring></SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>\n`;
}

/** The answer of a method that has nothing to say. */
export function soapNothing(is12: boolean, method: string): string {
  const inner = `<ns1:${method}Response><return xsi:nil="true"/></ns1:${method}Response>`;
  const spaces = `xmlns:ns1="/remote/index.php" ${SPACES.instance}`;
  return is12
    ? `${HEAD}<env:Envelope ${SPACES.soap12} ${spaces}><env:Body>${inner}</env:Body></env:Envelope>\n`
    : `${HEAD}<SOAP-ENV:Envelope ${SPACES.soap} ${spaces}><SOAP-ENV:Body>${inner}</SOAP-ENV:Body></SOAP-ENV:Envelope>\n`;
}
