// Improvements of all pages. Everything works without JavaScript.

// Menus close on Escape and on a click beside them.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// The checkbox in a list's head selects all of its rows.
for (const box of document.querySelectorAll("[data-tick-all]")) box.hidden = false;
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-tick-all], [name=selected]")) return;
  const { form } = event.target;
  const [all, boxes] = [form.querySelector("[data-tick-all]"), [...form.querySelectorAll("[name=selected]")]];
  if (event.target === all) for (const box of boxes) box.checked = all.checked;
  all.checked = boxes.every((box) => box.checked);
  all.indeterminate = !all.checked && boxes.some((box) => box.checked);
});

// A countdown to a moment; buttons that do nothing before it are disabled until then.
setInterval(countDown, 1000);
document.addEventListener("htmx:afterSettle", countDown);
countDown();

// The session ended while the page was open: say so and leave the page, with what was typed, as it is.
document.addEventListener("signed-out", () => reveal("signed-out"));

// No answer at all, or one that means a fault here: the page stays, with a message.
document.addEventListener("htmx:sendError", () => reveal("unanswered"));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500) reveal("unanswered");
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) return;
  for (const id of ["signed-out", "unanswered"]) document.getElementById(id)?.setAttribute("hidden", "");
});

// Signing in, perhaps in another tab, changes the token: the cookie has the newest.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  if (!token) return;
  event.detail.headers["X-CSRFToken"] = token[1];
  delete event.detail.parameters.csrfmiddlewaretoken;
});

// This page answers a form that was sent whole (drafts.js): Carnet has it, so this browser needn't keep it any more.
const whole = JSON.parse(sessionStorage.getItem("carnet:sent") || "null");
const [arrival] = performance.getEntriesByType("navigation");
const isAnswer = whole && document.referrer === whole.from && arrival?.type !== "back_forward";
if (isAnswer && arrival?.responseStatus < 400 && !document.querySelector(".entrance")) {
  localStorage.removeItem(whole.store);
  sessionStorage.removeItem("carnet:sent");
}

function reveal(id) {
  document.getElementById(id)?.removeAttribute("hidden");
}

function countDown() {
  for (const shown of document.querySelectorAll("[data-until]")) {
    const left = Math.max(0, Math.ceil((new Date(shown.dataset.until) - Date.now()) / 1000));
    const seconds = String(left % 60).padStart(2, "0");
    shown.textContent = left ? `${Math.floor(left / 60)}:${seconds}` : "";
  }
  for (const button of document.querySelectorAll("[data-not-before]")) {
    button.disabled = new Date(button.dataset.notBefore) > Date.now();
  }
}
