// What is typed before the page's other scripts are loaded, for drafts.js. Loaded at once, unlike them.

const typedEarly = new Set();
document.addEventListener("input", (event) => typedEarly.add(event.target));
