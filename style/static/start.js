// Loads the browser's half and wakes each island in document order. Pages without islands do not load this file.
import init, * as islands from "./switchback.js";

await init({ module_or_path: new URL("./switchback_bg.wasm", import.meta.url) });
islands.hydrate();
for (const element of document.querySelectorAll("leptos-island")) {
  islands[element.dataset.component](element);
}
document.documentElement.dataset.ready = "";
