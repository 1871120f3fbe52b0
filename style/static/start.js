// On every page: a form that changes something is sent once, however often its button is pressed. Where the page
// asks for a bundle: loads it and wakes each island in document order.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.submitter?.formMethod === "get") return;
  if ("sent" in form.dataset) event.preventDefault();
  form.dataset.sent = "";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A page that is left while it loads takes its half-loaded bundle with it: that is no error to report.
let left = false;
addEventListener("pagehide", () => (left = true));

async function wake(bundle) {
  const islands = await import(`./${bundle}.js`);
  await islands.default({ module_or_path: new URL(`./${bundle}_bg.wasm`, import.meta.url) });
  islands.hydrate();
  for (const element of document.querySelectorAll("leptos-island")) {
    islands[element.dataset.component](element);
  }
}

const bundle = document.documentElement.dataset.bundle;
try {
  if (bundle) await wake(bundle);
  document.documentElement.dataset.ready = "";
} catch (error) {
  await new Promise((resolve) => setTimeout(resolve, 200));
  if (!left) throw error;
}
