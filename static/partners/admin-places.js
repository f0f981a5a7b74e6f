/* The name of a city proposes places while it is typed; one choice fills in what is known of the place. */
const proposePlaces = ({ target }) => {
  const input = target.querySelector("input[data-places]");
  if (!input) return;
  const make = (tag, properties, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  };
  const list = make("ul", { id: "id_places", className: "places", role: "listbox", hidden: true });
  const said = make("p", { className: "help", role: "status" });
  list.setAttribute("aria-label", input.dataset.label);
  input.after(list, said);
  const set = (name, value) => input.setAttribute(`aria-${name}`, value);
  Object.assign(input, { role: "combobox", autocomplete: "off" });
  set("autocomplete", "list");
  set("controls", list.id);
  set("expanded", "false");

  let filled = {}, timer, asked = 0, isFilling = false;
  const at = () => [...list.children].findIndex((option) => option.ariaSelected === "true");
  const close = () => { list.hidden = true; set("expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const point = (number) => {
    [...list.children].forEach((option, place) => option.setAttribute("aria-selected", place === number));
    list.children[number]?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", list.children[number]?.id ?? "");
  };
  const fill = (name, value) => {
    const field = document.getElementById(input.id.replace(/name$/, name));
    const isWords = name.endsWith("_name") || name.endsWith("_names") || name.endsWith("_language");
    if (!field || (isWords && field.value && field.value !== filled[name])) return;
    field.value = filled[name] = value;
    for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
  };
  const warn = (place) => place.here.flatMap(({ name, url }) => [" ", make("a", { href: url }, name)]);
  const choose = (place) => {
    isFilling = true;
    Object.entries(place.fields).forEach(([name, value]) => fill(name, value));
    isFilling = false;
    said.replaceChildren(place.said, ...(place.here.length ? [" ", make("strong", {}, place.hereWord), ...warn(place)] : []));
    close();
  };
  const offer = ({ places, said: words }) => {
    list.replaceChildren(...places.map((place, number) => {
      const here = place.here.length ? [make("strong", {}, `${place.hereWord} ${place.here.map(({ name }) => name).join("; ")}`)] : [];
      const option = make("li", { id: `id_places_${number}`, role: "option" }, make("span", {}, place.name), ` ${place.where} `, make("small", {}, place.people), ...here);
      option.addEventListener("click", () => choose(place));
      return Object.assign(option, { ariaSelected: "false", place });
    }));
    said.textContent = words;
    list.hidden = !places.length;
    set("expanded", String(!list.hidden));
  };
  const ask = async () => {
    const number = ++asked;
    if (input.value.trim().length < 2 && !/[^\x00-\u024f]/.test(input.value)) { said.textContent = ""; close(); return; }
    const answer = await fetch(`${input.dataset.places}&q=${encodeURIComponent(input.value)}`).catch(() => null);
    const found = answer?.ok && !answer.redirected ? await answer.json() : null;
    if (found && number === asked && document.activeElement === input) offer(found);
  };
  input.addEventListener("input", () => { if (isFilling) return; clearTimeout(timer); timer = setTimeout(ask, 150); });
  input.addEventListener("blur", () => { asked += 1; clearTimeout(timer); close(); });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  input.addEventListener("keydown", (event) => {
    const last = list.children.length - 1, here = at();
    const to = { ArrowDown: here < last ? here + 1 : 0, ArrowUp: here > 0 ? here - 1 : last }[event.key];
    if (list.hidden || (to === undefined && !["Enter", "Escape"].includes(event.key))) return;
    if (event.key === "Enter" && here < 0) { close(); return; }
    event.preventDefault();
    if (to !== undefined) point(to);
    else if (event.key === "Enter") choose(list.children[here].place);
    else close();
  });
};
document.addEventListener("DOMContentLoaded", proposePlaces);
document.addEventListener("in-place:shown", proposePlaces);
