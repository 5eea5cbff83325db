// Writing with an input method, as somebody does who types Chinese: letters stand underlined in
// the field until a word is chosen, and keys pressed meanwhile are the method's, not the field's.

export async function inputMethod(page) {
  const session = await page.context().newCDPSession(page);
  return {
    /** Shows letters in the field that has the focus. */
    compose: (letters) => session.send('Input.imeSetComposition', { text: letters, selectionStart: letters.length, selectionEnd: letters.length }),
    /** A key that only the method acts on: pages hear of it, but it writes and submits nothing. */
    press: async (key) => {
      for (const type of ['rawKeyDown', 'keyUp']) await session.send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode: 229 });
    },
    /** Puts the chosen word where the letters stood. */
    commit: (word) => session.send('Input.insertText', { text: word }),
  };
}
