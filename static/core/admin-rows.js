/* Rows that somebody puts in order: dragged, or moved by buttons and by Alt with the arrow keys. The numbers of their
   positions are written by this script and not shown; without it they are typed. */
for (const group of document.querySelectorAll("[data-moves]")) {
  const rows = () => [...group.querySelectorAll(".inline-related:not(.empty-form)")];
  const field = (row) => row.querySelector("input[name$='-position']");
  const place = (row) => Number(row.id.match(/\d+$/)[0]); // among the rows of the form that is sent
  const end = group.querySelector(".empty-form");
  if (!end) continue; // nobody adds rows to what is only read
  const sort = (by) => rows().sort((one, other) => by(one) - by(other)).forEach((row) => end.before(row));
  const position = (row) => Number(field(row).value) || 0;
  const number = () => rows().forEach((row, at) => { field(row).value = at + 1; });

  const move = (row, by) => {
    const all = rows(), other = all[all.indexOf(row) + by];
    if (!other) return;
    const focused = document.activeElement;
    if (by < 0) other.before(row); else other.after(row);
    number();
    focused?.focus();
  };
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const furnish = (row) => {
    row.querySelector(":scope > .moves")?.remove();
    const line = row.querySelector("summary, .inline_label").textContent.trim(), { up, down, drag } = group.dataset;
    const moves = make("span", { className: "moves" });
    const handle = make("span", { className: "handle", draggable: true, textContent: "⠿", title: drag });
    handle.setAttribute("aria-hidden", "true");
    handle.addEventListener("dragstart", (event) => {
      row.classList.add("is-dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(row, 0, 0);
    });
    handle.addEventListener("dragend", () => { row.classList.remove("is-dragged"); number(); });
    moves.append(handle);
    for (const [sign, words, by] of [["↑", up, -1], ["↓", down, 1]]) {
      const button = make("button", { type: "button", textContent: sign, title: words, ariaLabel: `${words}: ${line}` });
      button.addEventListener("click", () => move(row, by));
      moves.append(button);
    }
    row.append(moves);
  };

  group.classList.add("is-moved");
  sort(position);
  rows().forEach(furnish);
  group.addEventListener("keydown", (event) => {
    const by = event.altKey && { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = by && event.target.closest(".inline-related");
    if (row) { event.preventDefault(); move(row, by); }
  });
  group.addEventListener("dragover", (event) => {
    const dragged = group.querySelector(".is-dragged"), over = event.target.closest(".inline-related:not(.empty-form)");
    if (!dragged || !over) return;
    event.preventDefault();
    const { top, height } = over.getBoundingClientRect();
    if (event.clientY < top + height / 2) over.before(dragged); else over.after(dragged);
  });
  // Django's script numbers the rows anew when one is taken out, in the order in which they stand.
  group.addEventListener("click", ({ target }) => {
    if (!target.closest(".inline-deletelink")) return;
    sort(place);
    setTimeout(() => sort(position));
  }, { capture: true });
  group.addEventListener("formset:added", ({ target }) => { furnish(target); number(); });
}
