/* The address that a typed or pasted link means; empty for one that leads nowhere. The rules are those of
   twinning/core/fields/links.py. */
const DETOURS = [
  [/^([a-z0-9-]+\.)*safelinks\.protection\.(outlook\.com|outlook\.cn|office365\.us)\/?$/, "url"],
  [/^(www\.)?google\.[a-z.]+\/url$/, "q"],
];
const BARE_HOST = /^([\p{L}\p{N}]([\p{L}\p{N}_-]*[\p{L}\p{N}])?\.)+\p{L}{2,}(:\d+)?([/?#].*)?$/u;
const FILE = /^[^/]*\.(pdf|docx?|xlsx?|pptx?|od[tsp]|html?|txt|zip|jpe?g|png|gif)$/i;
const BARE_EMAIL = /^[^\s@:/?#]+@([\p{L}\p{N}_-]+\.)+\p{L}{2,}$/u;

const parsedUrl = (href) => {
  if (!/^(https?:\/\/[^/?#]|(mailto|tel):.)/i.test(href)) return null;
  try {
    return new URL(href);
  } catch {
    return null;
  }
};

const withoutDetour = (href, most = 5) => {
  const url = parsedUrl(href);
  const [, name] = DETOURS.find(([place]) => url && place.test(url.hostname + url.pathname)) ?? [];
  const target = name && url.searchParams.get(name);
  return target && most && parsedUrl(target) ? withoutDetour(target, most - 1) : href;
};

const address = (typed) => {
  let href = typed.trim().replace(/[\x00-\x1f\x7f\xa0]+/g, "").replace(/ +/g, "%20");
  if (href.startsWith("//")) href = `https:${href}`;
  else if (BARE_HOST.test(href) && !FILE.test(href)) href = `https://${href}`;
  else if (BARE_EMAIL.test(href)) href = `mailto:${href}`;
  if (/^\/(?!\\)/.test(href)) return href;
  return parsedUrl(href) ? withoutDetour(href) : "";
};

/* In the dialogue of a link: before its form is checked, the address becomes a whole one, or is refused. */
document.addEventListener("click", ({ target }) => {
  const dialog = target.closest?.(".prose-editor-dialog");
  const field = target.matches?.("[type='submit']") && dialog?.querySelector("[name='href']");
  if (!field) return;
  const meant = address(field.value);
  field.setCustomValidity(meant ? "" : dialog.closest(".prose-editor").querySelector("textarea").dataset.nowhere);
  if (meant) field.value = meant;
}, { capture: true });
