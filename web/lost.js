// The page for an address that leads nowhere, in the reader's language.

import { translate } from "./i18n.js";

translate(document);
