/*
 * How our slot is to be readable in a theme that nobody has told us about: it measures what is behind the slot, and says by
 * `data-twofa-shade` which of our two sets of colours fits. On a picture, or where neither fits, the slot gets a ground of its own.
 */
window.twofaShade = (() => {
  /** WCAG 2.2, 1.4.3. */
  const ENOUGH = 4.5;
  /** The weakest text of each set of colours, and its ground when it has to bring one; as in panel-2fa.css. */
  const SHADES = {
    light: [90, 100, 109],
    dark: [184, 194, 202],
  };

  function colourOf(text) {
    const [red, green, blue, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return /^rgba?\(/.test(text) && blue !== undefined ? { rgb: [red, green, blue], alpha } : undefined;
  }

  function over({ rgb, alpha }, below) {
    return rgb.map((part, index) => part * alpha + below[index] * (1 - alpha));
  }

  /** What can be seen through an element: undefined when it is a picture, or a colour we cannot read. */
  function ground(element) {
    if (!element) return [255, 255, 255];
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    if (backgroundImage !== 'none') return undefined;
    const colour = colourOf(backgroundColor);
    if (!colour) return undefined;
    if (colour.alpha === 1) return colour.rgb;
    const below = ground(element.parentElement);
    return below && over(colour, below);
  }

  /** WCAG 2.2, relative luminance. */
  function luminance(rgb) {
    const [red, green, blue] = rgb.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function contrast(one, other) {
    const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (lighter + 0.05) / (darker + 0.05);
  }

  /** With a picture behind it the text of the theme says whether that is dark. */
  function isDark(place, behind) {
    if (behind) return contrast(SHADES.dark, behind) > contrast(SHADES.light, behind);
    const text = colourOf(getComputedStyle(place.parentElement).color);
    return text !== undefined && luminance(text.rgb) > 0.4;
  }

  return (place) => {
    if (!place) return;
    const behind = ground(place.parentElement);
    const shade = isDark(place, behind) ? 'dark' : 'light';
    const fits = behind !== undefined && contrast(SHADES[shade], behind) >= ENOUGH;
    if (place.dataset.twofaShade !== shade) place.dataset.twofaShade = shade;
    place.toggleAttribute('data-twofa-ground', !fits);
  };
})();
