// Finds addresses in plain text. Only http, https and mailto ever become links.

const ADDRESS = /\b(?:https?:\/\/|mailto:)[^\s<>"'“”‘’«»（）()[\]{}「」『』【】《》〈〉，。、；：！？]+(?:\([^\s()]*\)[^\s<>"'“”‘’（）()[\]{}「」『』【】《》，。、；：！？]*)*/giu;
const TRAILING = '.,;:!?…·*_~|\'’”"\\-';

/** The text in parts, each {text} or {text, href}; joined they are the text again. */
export function splitLinks(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutTrailing(match[0]);
    const href = safeAddress(address);
    if (!href) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** Not by a pattern tied to the end: that starts anew at each of a thousand dots. */
function withoutTrailing(address) {
  let end = address.length;
  while (TRAILING.includes(address[end - 1])) end -= 1;
  return address.slice(0, end);
}

function safeAddress(address) {
  const url = URL.parse?.(address) ?? tryUrl(address);
  if (!url) return null;
  if (url.protocol === 'mailto:') return /.@./.test(url.pathname) ? url.href : null;
  const web = url.protocol === 'http:' || url.protocol === 'https:';
  // "https://bank.example@evil.example" shows one host and goes to another.
  return web && url.hostname !== '' && url.username === '' && url.password === '' ? url.href : null;
}

function tryUrl(address) {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}
