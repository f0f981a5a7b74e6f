/* Shows the point that stays in view on the photo itself; a click there moves it, and so do the arrow keys in its fields. */
document.addEventListener("DOMContentLoaded", () => {
  for (const frame of document.querySelectorAll("[data-focal-point]")) {
    const fields = { left: document.getElementById("id_focal_x"), top: document.getElementById("id_focal_y") };
    if (!fields.left) continue; // only to be read
    const point = frame.appendChild(document.createElement("i"));
    const show = () => {
      for (const [side, field] of Object.entries(fields)) point.style[side] = `${field.value || 50}%`;
    };
    frame.addEventListener("click", (event) => {
      const box = frame.getBoundingClientRect();
      fields.left.value = Math.round((100 * (event.clientX - box.left)) / box.width);
      fields.top.value = Math.round((100 * (event.clientY - box.top)) / box.height);
      show();
    });
    for (const field of Object.values(fields)) field.addEventListener("input", show);
    frame.dataset.ready = "";
    show();
  }
});
