/* The page inside a page on which a record is read is as tall as what is in it, so that one thing scrolls and not two. */
for (const frame of document.querySelectorAll("iframe[data-page]")) {
  const fit = () => {
    const shown = frame.contentDocument?.documentElement;
    if (shown) frame.style.blockSize = `${shown.scrollHeight}px`;
  };
  const watch = () => {
    fit();
    const body = frame.contentDocument?.body;
    if (body) new ResizeObserver(fit).observe(body);
  };
  frame.addEventListener("load", watch);
  if (frame.contentDocument?.readyState === "complete") watch();
}
