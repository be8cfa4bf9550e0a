/*
 * What JavaScript adds to pages that work without it: choosing 2FA opens the set-up, buttons of the slot stay on
 * their page, copying, printing, the seconds to the next code.
 */
const HEADER = 'X-Twofa-Slot';
const OWN_FORMS = ['twofa-setup', 'twofa-change'];

/** Posts one of our forms and puts the slot that comes back in the place of the one shown. */
async function send(form, action) {
  const slot = document.getElementById('twofa');
  slot.setAttribute('aria-busy', 'true');
  try {
    const response = await fetch(action, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form)),
      headers: { [HEADER]: slot.dataset.twofaForm },
    });
    if (!response.headers.has(HEADER)) return location.reload();
    slot.outerHTML = await response.text();
  } catch {
    // Without an answer the browser's own page says what is wrong.
    form.action = action;
    return form.submit();
  }
  const shown = document.getElementById('twofa');
  const next = shown.querySelector('[role="alert"], h2, .twofa-on input') ?? shown.querySelector('select');
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Plain http, or the browser was told to refuse: the old way.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}

document.addEventListener('change', ({ target }) => {
  const form = document.getElementById('twofa-setup');
  if (target.id !== 'twofa-mode' || target.value !== '2fa' || !form) return;
  if (target.closest('#twofa')?.dataset.twofaState !== 'off') return;
  send(form, new URL('begin', form.action).href);
});

document.addEventListener('submit', (event) => {
  if (!OWN_FORMS.includes(event.target.id) || !document.getElementById('twofa')) return;
  event.preventDefault();
  send(event.target, event.submitter?.getAttribute('formaction') ?? event.target.action);
});

document.addEventListener('click', async ({ target }) => {
  const button = target.closest('[data-twofa-copy], [data-twofa-print]');
  if (!button) return;
  if (button.dataset.twofaCopy === undefined) return window.print();
  await copy(button.dataset.twofaCopy);
  const label = button.textContent;
  button.textContent = button.dataset.twofaDone;
  setTimeout(() => {
    button.textContent = label;
  }, 2000);
});

for (const element of document.querySelectorAll('[data-twofa-countdown]')) {
  const period = Number(element.dataset.twofaPeriod) * 1000;
  const first = performance.now() + Number(element.dataset.twofaCountdown) * 1000;
  setInterval(() => {
    const left = (((first - performance.now()) % period) + period) % period;
    element.lastElementChild.textContent = String(Math.ceil(left / 1000));
  }, 1000);
}
