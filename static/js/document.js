// Draws the PDF that this page holds. It runs in a sandboxed frame, which has no origin: it can read only its own
// page and the files of pdf.js, and scripts in a document are ignored.

const viewer = document.querySelector("main");
const coded = document.getElementById("content").textContent.trim();

draw().catch(() => {
  document.getElementById("failed").hidden = false;
}).finally(() => {
  document.getElementById("drawing").hidden = true;
});

async function draw() {
  // Its worker's code is loaded as well, so pdf.js runs it in this page: a frame without an origin can start no worker.
  const pdfjs = globalThis.pdfjsLib;
  const data = Uint8Array.from(atob(coded), (sign) => sign.charCodeAt(0));
  const file = await pdfjs.getDocument({
    data,
    wasmUrl: viewer.dataset.wasm,
    isEvalSupported: false,
    enableXfa: false,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  }).promise;
  for (let number = 1; number <= file.numPages; number++) viewer.append(placeFor(number, file.numPages));
  const first = (await file.getPage(1)).getViewport({ scale: 1 });
  for (const place of viewer.children) proportion(place, first);
  const watcher = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      drawPage(pdfjs, file, target);
    }
  }, { rootMargin: "100% 0px" });
  for (const place of viewer.children) watcher.observe(place);
}

function placeFor(number, count) {
  const place = document.createElement("section");
  place.className = "page";
  place.dataset.number = number;
  place.setAttribute("aria-label", viewer.dataset.label.replace("{number}", number).replace("{count}", count));
  return place;
}

function proportion(place, viewport) {
  place.style.aspectRatio = `${viewport.width} / ${viewport.height}`;
}

async function drawPage(pdfjs, file, place) {
  const page = await file.getPage(Number(place.dataset.number));
  const plain = page.getViewport({ scale: 1 });
  proportion(place, plain);
  const viewport = page.getViewport({ scale: place.clientWidth / plain.width });
  const sharpness = Math.min(window.devicePixelRatio || 1, 3);
  const canvas = document.createElement("canvas");
  canvas.width = Math.floor(viewport.width * sharpness);
  canvas.height = Math.floor(viewport.height * sharpness);
  place.append(canvas);
  const transform = sharpness === 1 ? null : [sharpness, 0, 0, sharpness, 0, 0];
  await page.render({ canvas, viewport, transform }).promise;
  await addText(pdfjs, page, viewport, place);
  place.dataset.drawn = "";
}

// The page's text over its picture, unseen: for selecting, searching and screen readers.
async function addText(pdfjs, page, viewport, place) {
  const container = document.createElement("div");
  container.className = "textLayer";
  container.style.setProperty("--total-scale-factor", viewport.scale);
  container.style.setProperty("--scale-round-x", "1px");
  container.style.setProperty("--scale-round-y", "1px");
  place.append(container);
  await new pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container, viewport }).render();
}
