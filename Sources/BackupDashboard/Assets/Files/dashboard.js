// What pages do beyond being read. Each module finds its own elements; without JavaScript pages still show everything.
import { listenForForms } from "./forms.js";
import { listenForDialogs } from "./dialogs.js";
import { openStream } from "./live.js";

listenForForms();
listenForDialogs();
if (document.querySelector("#stream-lost")) openStream();
