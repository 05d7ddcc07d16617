// The name of a device, from what its browser calls itself (`User-Agent`).

// The first that fits counts: most browsers also name those that they are compatible with.
const BROWSERS = [
  [/\bEdg/, 'Edge'], [/\bOPR\//, 'Opera'], [/\bSamsungBrowser\//, 'Samsung Internet'], [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/Chrome\/|\bCriOS\//, 'Chrome'], [/\bSafari\//, 'Safari'],
];
const SYSTEMS = [
  [/\biPhone\b/, 'iPhone'], [/\biPad\b/, 'iPad'], [/\bAndroid\b/, 'Android'], [/\bWindows\b/, 'Windows'], [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'], [/\bLinux\b/, 'Linux'],
];
const LENGTH = 40;

const first = (names, text) => names.find(([pattern]) => pattern.test(text))?.[1];

// Such as `Firefox on Linux`; other programs by the beginning of their own name.
export function deviceOf(userAgent) {
  if (!userAgent) return 'Unknown device';
  const [browser, system] = [first(BROWSERS, userAgent), first(SYSTEMS, userAgent)];
  if (browser && system) return `${browser} on ${system}`;
  return userAgent.length > LENGTH ? `${userAgent.slice(0, LENGTH)}…` : userAgent;
}
