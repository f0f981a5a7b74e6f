// A form that can be changed says that it is open, and shows who else has it open.
const EVERY = 30_000;

for (const place of document.querySelectorAll("[data-open-form]")) {
  const tell = (more = {}) => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", place.closest("form").elements.csrfmiddlewaretoken.value);
    if ("copy" in place.dataset) body.set("copy", "on");
    for (const name in more) body.set(name, more[name]);
    return body;
  };
  const ask = async () => {
    const response = await fetch(place.dataset.openForm, { method: "POST", body: tell() });
    if (!response.ok || response.redirected) return;
    const said = (await response.json()).others.join(" ");
    if (said !== place.textContent.trim()) place.textContent = said;
  };
  setInterval(() => ask().catch(() => {}), EVERY);
  addEventListener("pagehide", () => navigator.sendBeacon(place.dataset.openForm, tell({ leave: "on" })));
}
