// The keys that do something, all in one table: what the page listens for and what the list of shortcuts shows.

const OFF = 'hihi/shortcuts';

/** What a page does on a key wherever one is: `keys` as they are shown, and whether it is one character alone. */
export const EVERYWHERE = [
  { act: 'shortcuts', keys: ['?'], alone: true },
  { act: 'next-landmark', keys: ['Ctrl', 'F6'] },
  { act: 'last-landmark', keys: ['Ctrl', 'Shift', 'F6'] },
];
export const WRITING = [
  { act: 'send', keys: ['Enter'] },
  { act: 'line', keys: ['Shift', 'Enter'] },
  { act: 'edit-last', keys: ['↑'] },
  { act: 'mention', keys: ['@'] },
  { act: 'emoji', keys: [':'] },
];
export const READING = [
  { act: 'move', keys: ['↑', '↓'] },
  { act: 'ends', keys: ['Home', 'End'] },
  { act: 'open', keys: ['Enter'] },
  { act: 'write', keys: ['Esc'] },
];

/** Which act of EVERYWHERE this keydown asks for, or null. `inField` says whether the key would write something. */
export function actOf({ key, ctrlKey, metaKey, altKey, shiftKey }, inField, storage = localStorage) {
  if (key === 'F6' && ctrlKey && !metaKey && !altKey) return shiftKey ? 'last-landmark' : 'next-landmark';
  // A Chinese keyboard writes the other one.
  if ((key === '?' || key === '？') && !inField && !ctrlKey && !metaKey && !altKey && usesLetters(storage)) return 'shortcuts';
  return null;
}

/** Whether characters alone are shortcuts in this browser: who speaks to a computer sets them off by chance. */
export function usesLetters(storage = localStorage) {
  try {
    return storage.getItem(OFF) !== 'off';
  } catch {
    return true;
  }
}

export function useLetters(use, storage = localStorage) {
  try {
    if (use) storage.removeItem(OFF);
    else storage.setItem(OFF, 'off');
  } catch {
    // Then it stays as it was.
  }
}
