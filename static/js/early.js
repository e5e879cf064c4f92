// What is typed before the page's other scripts are there: drafts.js takes it up. Loaded at once, unlike them.

const typedEarly = new Set();
document.addEventListener("input", (event) => typedEarly.add(event.target));
