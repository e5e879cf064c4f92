// Nothing typed is lost in the browser either: what a form marked with data-draft holds and Carnet hasn't stored yet is
// kept in this browser, put back when the page is opened again, and sent again after a failure.

const form = document.querySelector("form[data-draft]");
const store = `carnet:${form.dataset.draft}`;
const sectionOf = (field) => field.closest("[hx-post]");
const pathOf = (name) => name.replaceAll("-", ".");
let failing = false;
let replaced = false;
let sent = new FormData();

// What Carnet has stored of the form's fields, by path, as far as this page knows.
function stored() {
  return JSON.parse(document.getElementById("seen")?.value || "{}");
}

// By name, what was typed and isn't stored: `text`, and `base`, what was stored when it was typed.
function kept() {
  return JSON.parse(localStorage.getItem(store) || "{}");
}

function keep(texts) {
  if (Object.keys(texts).length) localStorage.setItem(store, JSON.stringify(texts));
  else localStorage.removeItem(store);
  document.getElementById("not-saved")?.toggleAttribute("hidden", !failing || !Object.keys(texts).length);
}

function keepTyped({ name, type, value }) {
  if (!name || type === "hidden") return;
  const texts = kept();
  keep({ ...texts, [name]: { text: value, base: texts[name]?.base ?? stored()[pathOf(name)] ?? "" } });
}

form.addEventListener("input", (event) => keepTyped(event.target));
for (const field of typedEarly) if (form.contains(field)) keepTyped(field);

// A section was answered: what it sent is stored, unless more was typed since.
form.addEventListener("htmx:afterRequest", (event) => {
  failing = !event.detail.successful;
  const texts = kept();
  if (event.detail.successful) {
    const answered = event.detail.requestConfig.formData;
    for (const [name, { text }] of Object.entries(texts)) {
      if (answered.get(name) === text) delete texts[name];
    }
  }
  keep(texts);
  if (replaced) restore();
});

// The sections are replaced, because another kind of order has other fields: what was typed and wasn't sent is put back
// at once, and sent when they are ready to send themselves.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target.id === "draft-sections") replaced = true;
});
document.addEventListener("htmx:afterSettle", () => {
  if (replaced) sendAgain();
  replaced = false;
});

// A commune's other parts come back filled in: never over what was typed since, and without touching the field itself, so
// that the focus stays where it is.
form.addEventListener("htmx:beforeSwap", (event) => (sent = event.detail.requestConfig.formData));
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const field = event.detail.target;
  if (!form.contains(field) || !field.matches("input:not([type=hidden]), select, textarea")) return;
  event.detail.shouldSwap = false;
  if (!sent.has(field.name) || sent.get(field.name) === field.value) {
    field.value = event.detail.fragment.querySelector(`#${field.id}`).value;
  }
});

// An error at a field marks the field, too.
form.addEventListener("htmx:afterRequest", () => {
  for (const note of form.querySelectorAll(".note")) {
    const field = document.getElementById(note.id.slice("note-".length));
    if (note.querySelector(".field-errors")) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
});

// The whole form is sent. The page that answers (carnet.js) drops what is kept: there may be none.
form.addEventListener("submit", () => {
  sessionStorage.setItem("carnet:sent", JSON.stringify({ store, from: location.href.split("#")[0] }));
});

// Put back what isn't stored. Carnet gets the value from when it was typed, so that it notices somebody else's change.
function restore() {
  const texts = kept();
  const seen = stored();
  let count = 0;
  for (const [name, { text, base }] of Object.entries(texts)) {
    const field = form.elements[name];
    const path = pathOf(name);
    if (!field || field.readOnly || field.disabled || (seen[path] ?? "") === text) {
      delete texts[name];
      continue;
    }
    if (field.value !== text) count += 1;
    field.value = text;
    seen[path] = base;
  }
  keep(texts);
  if (document.getElementById("seen")) document.getElementById("seen").value = JSON.stringify(seen);
  return count;
}

function putBack() {
  const count = restore();
  document.getElementById("put-back")?.toggleAttribute("hidden", !count);
}

function sendAgain() {
  const names = Object.keys(kept());
  const sections = new Set(names.map((name) => form.elements[name]).filter(Boolean).map(sectionOf).filter(Boolean));
  for (const section of sections) section.dispatchEvent(new Event("change", { bubbles: true }));
}

window.addEventListener("load", () => {
  putBack();
  sendAgain();
});
window.addEventListener("online", sendAgain);
setInterval(() => failing && sendAgain(), 10000);

// A link of the readiness list leads into its field.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#id_"]');
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.scrollIntoView({ block: "center" });
});
if (location.hash.startsWith("#id_")) document.getElementById(location.hash.slice(1))?.focus();
