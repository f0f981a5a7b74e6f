{
  // Remembers the visitor's text size in this browser, so that the next page opens in it (docs/adr/0011).
  const KEY = "text-size";
  const radios = [...document.querySelectorAll("[data-text-size] input")];
  const restore = () => {
    try {
      const radio = radios.find((each) => each.value === localStorage.getItem(KEY));
      if (radio) radio.checked = true;
    } catch {} // storage may be switched off: the sizes still work on the page
  };
  const remember = (event) => {
    try {
      localStorage.setItem(KEY, event.target.value);
    } catch {} // as above
  };
  restore();
  addEventListener("pageshow", restore); // a page that comes back whole may still show an older choice
  for (const radio of radios) radio.addEventListener("change", remember);
}
