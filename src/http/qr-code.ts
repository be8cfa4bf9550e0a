import { toString as draw } from 'qrcode';

/** A QR code as an SVG element; its quiet zone of four modules is part of it (ISO/IEC 18004). */
export function qrCodeSvg(text: string): Promise<string> {
  return draw(text, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
}
