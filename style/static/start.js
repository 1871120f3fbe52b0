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
// On the way back a browser may show the page as it was left.
addEventListener("pageshow", () => (left = false));

// The page of something that goes on is fetched again until it has ended, and what is marked is put in the place of
// what it was: nothing else of the page is touched. Nothing else of ours fetches.
const LOOK_AGAIN_MS = 500;

async function follow() {
  const marked = (of) => [...of.querySelectorAll("[data-follow]")];
  while (marked(document).length > 0) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    if (left || document.hidden) continue;
    // A server that is away is asked again.
    const answer = await fetch(location.href).catch(() => null);
    const text = await answer?.text().catch(() => null);
    // What a proxy says of a server that is away is none of ours.
    if (!text || left || (answer.status >= 502 && !answer.headers.has("x-request-id"))) continue;
    if (answer.redirected) return location.replace(answer.url);
    const page = new DOMParser().parseFromString(text, "text/html");
    const next = marked(page);
    if (next.length === 0) return location.reload();
    marked(document).forEach((mark, place) => {
      if (mark.innerHTML !== next[place].innerHTML) mark.innerHTML = next[place].innerHTML;
    });
  }
}

// A form that was refused is gone on with where it is wrong, however far down that is; unless somebody is somewhere already.
if (document.activeElement === document.body && !location.hash) document.querySelector("[aria-invalid=true]")?.focus();

async function wake(bundle) {
  const islands = await import(`./${bundle}.js`);
  await islands.default({ module_or_path: new URL(`./${bundle}_bg.wasm`, import.meta.url) });
  islands.hydrate();
  for (const element of document.querySelectorAll("leptos-island")) {
    islands[element.dataset.component](element);
  }
}

follow();

const bundle = document.documentElement.dataset.bundle;
try {
  if (bundle) await wake(bundle);
  document.documentElement.dataset.ready = "";
} catch (error) {
  await new Promise((resolve) => setTimeout(resolve, 200));
  if (!left) throw error;
}
