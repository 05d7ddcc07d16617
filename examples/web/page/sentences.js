// What the server's codes mean, in sentences for people.

const sentences = {
  // The server does not tell which: otherwise it would tell who is registered.
  LOGIN_BAD_CREDENTIALS: 'The e-mail address or the password is wrong. If your address is not confirmed yet, we have sent you another link.',
  RESET_PASSWORD_BAD_TOKEN: 'This link does not work any more: it was used already, or it is too old. Please ask for another one.',
  UNLOCK_BAD_TOKEN: 'This link does not work any more: it was used already, or it is too old. If you cannot log in, please choose a new password.',
  VERIFY_USER_BAD_TOKEN: 'This link does not work any more: it is too old, or your address is another one now. Please ask for another one.',
  VERIFY_USER_ALREADY_VERIFIED: 'Your e-mail address is confirmed already.',
  UPDATE_USER_EMAIL_ALREADY_EXISTS: 'Another account has this e-mail address.',
  CURRENT_PASSWORD_WRONG: 'Your current password is another one.',
  CROSS_SITE_REQUEST: 'Please open this page at the address that the server printed.',
  Unauthorized: 'You are not logged in any more.',
  // The routes of the page want nothing of a user but a confirmed address.
  Forbidden: 'Please confirm your e-mail address with the link that we have sent to it.',
  UNREACHABLE: 'The server does not answer. Please check your connection and try again.',
};

const statuses = {
  404: 'This is gone already.',
  413: 'This is too much at once.',
  422: 'Please check what you have entered.',
  503: 'The server is busy. Please try again in a moment.',
};

// The kinds of mistakes in a field, as the server names them.
const mistakes = {
  missing: 'Please fill this in.',
  string_too_long: 'This is too long.',
  string_pattern_mismatch: 'Please leave out what is neither letter, number nor sign.',
};

function tooManyAttempts(seconds) {
  const wait = seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : seconds > 1 ? `${seconds} seconds` : 'a moment';
  return `Too many attempts. Please wait ${wait} and try again.`;
}

// One sentence for a refusal. Codes with a reason of their own, such as a password that is too short, bring the sentence along.
export function sentence({ status, detail, retryAfter }) {
  const code = detail?.code ?? detail;
  if (code === 'TOO_MANY_ATTEMPTS') return tooManyAttempts(retryAfter);
  return detail?.reason ?? (Object.hasOwn(sentences, code) ? sentences[code] : statuses[status])
    ?? 'Something went wrong on our side. Please try again later.';
}

// The field and the sentence of each mistake in a form.
export function mistakesOf({ status, detail }) {
  if (status !== 422 || !Array.isArray(detail)) return [];
  return detail.map(({ loc, type }) => {
    const isAddress = type === 'value_error' && ['email', 'username'].includes(loc.at(-1));
    const text = isAddress ? 'No mail can be sent to this address.' : mistakes[type] ?? 'Please check this.';
    return { name: loc.at(-1), text };
  });
}
