// Nothing typed is lost in the browser either: what a form marked with data-draft holds and Carnet hasn't stored yet is
// kept in this browser, put back when the page is opened again, and sent again when a try failed.

const form = document.querySelector("form[data-draft]");
const store = `carnet:${form.dataset.draft}`;
const sectionOf = (field) => field.closest("[hx-post]");

function kept() {
  return JSON.parse(localStorage.getItem(store) || "{}");
}

function keep(texts) {
  if (Object.keys(texts).length) localStorage.setItem(store, JSON.stringify(texts));
  else localStorage.removeItem(store);
  document.getElementById("not-saved")?.toggleAttribute("hidden", !failing || !Object.keys(texts).length);
}

let failing = false;

form.addEventListener("input", (event) => {
  if (!event.target.name || event.target.type === "hidden") return;
  keep({ ...kept(), [event.target.name]: event.target.value });
});

// A section was answered: what it sent is stored, unless more was typed since.
form.addEventListener("htmx:afterRequest", (event) => {
  failing = !event.detail.successful;
  const texts = kept();
  if (event.detail.successful) {
    const sent = event.detail.requestConfig.formData;
    for (const [name, text] of Object.entries(texts)) {
      if (sent.get(name) === text) delete texts[name];
    }
  }
  keep(texts);
});

// A commune's other fields come back filled in; never over what is being typed at this moment.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const field = event.detail.target;
  if (field === document.activeElement && field.value) event.detail.shouldSwap = false;
});

// The whole form is sent: the server keeps it, and leads back here with it if the session has ended.
form.addEventListener("submit", () => localStorage.removeItem(store));

function putBack() {
  const texts = kept();
  const back = Object.entries(texts).filter(([name, text]) => {
    const field = form.elements[name];
    if (!field || field.readOnly || field.value === text) return false;
    field.value = text;
    return true;
  });
  keep(Object.fromEntries(back));
  document.getElementById("put-back")?.toggleAttribute("hidden", !back.length);
  return back.length;
}

function sendAgain() {
  const names = Object.keys(kept());
  const sections = new Set(names.map((name) => form.elements[name]).filter(Boolean).map(sectionOf).filter(Boolean));
  for (const section of sections) section.dispatchEvent(new Event("change", { bubbles: true }));
}

window.addEventListener("load", () => putBack() && sendAgain());
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
