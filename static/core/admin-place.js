/* A link to a place in a form arrives there, although editors that come later change the height of what stands above it. */
const place = document.getElementById(location.hash.slice(1));
const ENOUGH = 3000;

/* Until somebody does something, or it is surely all there. */
function hold() {
  const growing = new ResizeObserver(() => place.scrollIntoView());
  const leave = () => growing.disconnect();
  for (const touch of ["keydown", "pointerdown", "wheel", "touchstart"]) addEventListener(touch, leave, { once: true, passive: true });
  setTimeout(leave, ENOUGH);
  growing.observe(place.closest("form"));
}

/* Not when a page is shown again, where the browser goes back to where one was, nor after saving from the keyboard. */
const isNew = performance.getEntriesByType("navigation")[0]?.type === "navigate";
if (place?.closest("form") && isNew && !sessionStorage.getItem("twinning-saved-at")) hold();
