// The mails that the server shows where no mail server is set. Where it has one there is no such route, and no such panel.

const panel = document.getElementById('outbox');
const list = document.getElementById('outbox-mails');
const INTERVAL = 1500;
const LINK = /(https?:\/\/\S+)/;
const shown = new Map();

// A link, without the length of its token.
function link(url) {
  const [visible, token] = url.split(/#(?!\/)/);
  return Object.assign(document.createElement('a'), { href: url, textContent: token ? `${visible}#…` : url });
}

function element({ subject, to, text, sent_at }) {
  const item = document.getElementById('mail-item').content.cloneNode(true).firstElementChild;
  item.querySelector('[data-subject]').textContent = subject;
  const time = new Date(sent_at).toLocaleTimeString([], { timeStyle: 'short' });
  item.querySelector('[data-to]').textContent = `to ${to}, ${time}`;
  const parts = text.trim().split(LINK).map((part) => LINK.test(part) ? link(part) : part);
  item.querySelector('[data-text]').append(...parts);
  return item;
}

// Adds what is new on top and open, and leaves the rest as the reader has it.
function show(mails) {
  document.getElementById('outbox-empty').hidden = mails.length > 0;
  for (const mail of mails.toReversed()) {
    const key = `${mail.sent_at} ${mail.to}`;
    if (shown.has(key)) continue;
    for (const item of shown.values()) item.open = false;
    const item = element(mail);
    item.open = true;
    list.prepend(item);
    shown.set(key, item);
  }
}

async function refresh() {
  const answer = await fetch('/outbox').catch(() => null);
  // No such route, or another host than this machine's.
  if (answer?.status === 404 || answer?.status === 403) return;
  if (answer?.ok) {
    panel.hidden = false;
    show(await answer.json());
  }
  setTimeout(refresh, INTERVAL);
}

export const openOutbox = refresh;
