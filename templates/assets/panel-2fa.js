/* What JavaScript adds to pages that work without it: choosing 2FA opens the slot, buttons of the slot stay on the page. */
const HEADER = 'X-Twofa-Slot';

async function send(form, action) {
  const slot = document.getElementById('twofa');
  const body = new URLSearchParams(new FormData(form));
  const response = await fetch(action, {
    method: 'POST',
    body,
    headers: { [HEADER]: slot.dataset.twofaForm },
  });
  if (!response.headers.has(HEADER)) return location.reload();
  slot.outerHTML = await response.text();
  document.querySelector('#twofa [role="alert"], #twofa h2')?.scrollIntoView({ block: 'nearest' });
}

document.addEventListener('change', (event) => {
  const { id, value, dataset } = event.target;
  const form = document.getElementById('twofa-setup');
  if (id !== 'twofa-mode' || value !== '2fa' || dataset.twofaState !== 'off' || !form) return;
  send(form, new URL('begin', form.action).href);
});

document.addEventListener('submit', (event) => {
  if (!['twofa-setup', 'twofa-renew', 'twofa-move'].includes(event.target.id)) return;
  event.preventDefault();
  send(event.target, event.submitter?.getAttribute('formaction') ?? event.target.action);
});

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-twofa-copy], [data-twofa-print]');
  if (!button) return;
  if (button.dataset.twofaCopy === undefined) window.print();
  else navigator.clipboard.writeText(button.dataset.twofaCopy);
});

for (const element of document.querySelectorAll('[data-twofa-countdown]')) {
  const timer = setInterval(() => {
    const left = Number(element.textContent) - 1;
    element.textContent = String(Math.max(0, left));
    if (left <= 0) clearInterval(timer);
  }, 1000);
}
