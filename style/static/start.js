// Loads the browser's half that the page asks for, and wakes each island in document order. Pages without islands
// do not load this file.
const bundle = document.documentElement.dataset.bundle;
const islands = await import(`./${bundle}.js`);

await islands.default({ module_or_path: new URL(`./${bundle}_bg.wasm`, import.meta.url) });
islands.hydrate();
for (const element of document.querySelectorAll("leptos-island")) {
  islands[element.dataset.component](element);
}
document.documentElement.dataset.ready = "";
