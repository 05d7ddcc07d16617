// Forms and buttons that ask the server, and say what is wrong where it is wrong.

import { isUnconfirmed, Refusal } from '/api.js';
import { mistakesOf, sentence } from '/sentences.js';

// Calls `action` with the values of the form when it is sent.
export function onSubmit(form, action) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    clear(form);
    const button = form.querySelector('button:not([type=button])');
    attempt(button, () => action(Object.fromEntries(new FormData(form))), (refusal) => tell(form, refusal));
  });
}

// Calls `action` when the button is pressed; what is wrong is said in `problem`.
export function onClick(button, problem, action) {
  button.addEventListener('click', () => {
    problem.textContent = '';
    attempt(button, action, (refusal) => { problem.textContent = sentence(refusal) });
  });
}

// Nothing is sent twice: the button rests meanwhile, but keeps the focus, which a disabled one would lose. The end of the session concerns the whole page.
async function attempt(button, action, onRefusal) {
  if (button.ariaDisabled === 'true') return;
  button.ariaDisabled = 'true';
  try {
    await action();
  } catch (error) {
    if (error.status === 401 || isUnconfirmed(error)) return dispatchEvent(new CustomEvent('session-over', { detail: error }));
    onRefusal(error instanceof Refusal ? error : new Refusal(500));
    if (!(error instanceof Refusal)) throw error;
  } finally {
    button.ariaDisabled = null;
  }
}

function clear(form) {
  form.querySelector('.problem').textContent = '';
  for (const hint of form.querySelectorAll('.wrong')) hint.remove();
  for (const input of form.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid');
    describe(input, (ids) => ids.filter((id) => !id.endsWith('-wrong')));
  }
}

// Changes the list of what is read out with a field.
function describe(input, change) {
  const ids = (input.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean);
  input.setAttribute('aria-describedby', change(ids).join(' '));
}

function tell(form, refusal) {
  form.querySelector('.problem').textContent = sentence(refusal);
  for (const { name, text } of mistakesOf(refusal)) {
    const input = form.elements.namedItem(name);
    if (!input) continue;
    const id = `${form.id || 'form'}-${name}-wrong`;
    const hint = Object.assign(document.createElement('span'), { className: 'wrong', id, textContent: text });
    input.after(hint);
    input.setAttribute('aria-invalid', 'true');
    describe(input, (ids) => [...ids, id]);
  }
  (form.querySelector('[aria-invalid=true]') ?? form.querySelector('input[type=password]') ?? form.querySelector('input')).focus();
}
