// The words of every language the page speaks.

import { zhTW } from "./words-zh.js";
import { en } from "./words-en.js";

/** The words by language; the first language is the one the HTML is written in. */
export const words = { "zh-TW": zhTW, en };
