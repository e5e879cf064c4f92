// What the pages do better with JavaScript. Everything works without it.

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

// The session ended while the page was open: say so and leave the page, with what was typed, as it is.
document.addEventListener("signed-out", () => reveal("signed-out"));

// No answer at all, or one that means a fault here: the page stays, the person is told.
document.addEventListener("htmx:sendError", () => reveal("unanswered"));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500) reveal("unanswered");
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) document.getElementById("unanswered")?.setAttribute("hidden", "");
});

function reveal(id) {
  document.getElementById(id)?.removeAttribute("hidden");
}
