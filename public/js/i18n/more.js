// Whoever imports this can also say what a room needs only later, and every other page from the start: what forms,
// dialogs and all that stands round a conversation say. Whoever names such a sentence imports it.

import { speakMore } from './index.js';

await speakMore();
