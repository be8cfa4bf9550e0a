import type { Page } from 'playwright-core';

/** A text or an edge that does not stand out from what is really behind it. */
export interface Faint {
  readonly what: string;
  readonly contrast: number;
}

/**
 * What is too faint below `selector`, as it is painted: each visible text needs 4.5 : 1 against the pixels around it, the
 * ring of whatever has the focus and the edge of a refused field 3 : 1 (WCAG 2.2, 1.4.3 and 1.4.11). The ground is read
 * from a picture of the page without its texts, so gradients and pictures count.
 */
export async function faintIn(page: Page, selector: string): Promise<Faint[]> {
  const texts = await page.evaluate(textsOf, selector);
  const style = await page.addStyleTag({
    content: '*{color:transparent!important;caret-color:transparent!important}',
  });
  const picture = await page.screenshot({ fullPage: true });
  await style.evaluate((element) => element.parentNode?.removeChild(element));
  const found = await page.evaluate(measure, { texts, picture: picture.toString('base64') });
  return found;
}

interface Text {
  readonly what: string;
  readonly colour: string;
  readonly needs: number;
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

function textsOf(selector: string): Text[] {
  const texts: Text[] = [];
  for (const root of document.querySelectorAll(selector)) {
    for (const element of [root, ...root.querySelectorAll('*')]) {
      const own = [...element.childNodes].filter(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      );
      const isFilled = element instanceof HTMLInputElement && element.type !== 'hidden';
      if ((own.length === 0 && !isFilled) || !element.checkVisibility({ visibilityProperty: true })) continue;
      const range = document.createRange();
      if (own[0]) range.selectNodeContents(own[0]);
      const { x, y, width, height } = own[0]
        ? range.getBoundingClientRect()
        : element.getBoundingClientRect();
      if (width < 2 || height < 2) continue;
      const { color, outlineColor, outlineStyle, borderTopColor } = getComputedStyle(element);
      const box = { x: x + scrollX, y: y + scrollY, width, height };
      const name = `${element.tagName.toLowerCase()}${element.id && `#${element.id}`} ${(own[0]?.textContent ?? '').trim().slice(0, 30)}`;
      texts.push({ what: name, colour: color, needs: 4.5, box });
      const outside = { x: box.x - 9, y: box.y, width: 2, height };
      if (element.matches(':focus-visible') && outlineStyle !== 'none')
        texts.push({ what: `the ring of ${name}`, colour: outlineColor, needs: 3, box: outside });
      if (element.getAttribute('aria-invalid') === 'true')
        texts.push({ what: `the edge of ${name}`, colour: borderTopColor, needs: 3, box: outside });
    }
  }
  return texts;
}

async function measure({ texts, picture }: { texts: Text[]; picture: string }) {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  const paint = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
  paint.drawImage(image, 0, 0);
  const luminance = (parts: readonly number[]) => {
    const [red = 0, green = 0, blue = 0] = parts.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one: readonly number[], other: readonly number[]) => {
    const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (lighter + 0.05) / (darker + 0.05);
  };
  const faint: { what: string; contrast: number }[] = [];
  for (const { what, colour, needs, box } of texts) {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
    let worst = 21;
    for (const [across, down] of [
      [0.1, 0.2],
      [0.5, 0.5],
      [0.9, 0.8],
      [0.5, 0.1],
      [0.5, 0.9],
    ] as const) {
      const { data } = paint.getImageData(box.x + box.width * across, box.y + box.height * down, 1, 1);
      const ground = [...data.slice(0, 3)];
      const seen = [red, green, blue].map((part, index) => part * alpha + (ground[index] ?? 0) * (1 - alpha));
      worst = Math.min(worst, contrast(seen, ground));
    }
    if (worst < needs) faint.push({ what, contrast: Math.round(worst * 100) / 100 });
  }
  return faint;
}
