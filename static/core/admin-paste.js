/* What an office program puts on the clipboard, as it was meant and without what it does not show. The rules are those of
   twinning/core/fields/pasted.py, markup.py and tables.py; the editor itself joins marks and closes blocks. */
const HEADINGS = { h1: "h3", h2: "h3", h3: "h3", h4: "h4", h5: "h4", h6: "h4" };
const KEPT = ["ul", "ol", "li", "blockquote"];
const BLOCKS = "p, div, address, article, aside, caption, center, dd, details, dl, dt, fieldset, figcaption, figure, footer, form, header, hr, legend, main, nav, pre, section, summary, table, tbody, td, tfoot, th, thead, tr";
const DETOUR_IN_TEXT = /https:\/\/[a-z0-9.-]*safelinks\.protection\.[a-z0-9.]+\/[^\s<>"]+/gi;
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

class Paste {
  /* What was left out, by kind: how often. */
  left = {};

  constructor(html) {
    // The content security policy would complain of each style, also in a document that nobody sees.
    const inert = html
      .replace(/<[^>]+>/g, (tag) => tag.replace(/\sstyle=/gi, " data-style="))
      .replace(/<style\b/gi, "<textarea class=sheet").replace(/<\/style\b/gi, "</textarea");
    this.body = new DOMParser().parseFromString(inert, "text/html").body;
    this.rules = readSheet([...this.body.querySelectorAll("textarea.sheet")].map((sheet) => sheet.value).join("\n"));
    // A comment of Google Docs begins with the way back to its anchor.
    for (const back of this.body.querySelectorAll("a[href^='#cmnt_ref']")) this.take(back.closest("div") ?? back.closest("p") ?? back, "comments");
  }

  get html() {
    if (!this.body.querySelector("[data-pm-slice]")) {
      return this.inside(this.body, {}).replace(/<\/(ul|ol)>\s*<\1 data-point>/g, "");
    }
    // From an editor of the same kind: as it is, because it says how its pieces fit.
    for (const element of this.body.querySelectorAll("*")) {
      const why = whyHidden(element, styleOf(element, this.rules));
      if (why) this.take(element, why);
      element.removeAttribute("data-style");
    }
    return this.body.innerHTML;
  }

  note(kind) {
    this.left[kind] = (this.left[kind] ?? 0) + 1;
  }

  take(element, why) {
    if (why !== "unseen" && element.textContent.trim()) this.note(why);
    element.remove();
  }

  inside(element, marks) {
    return [...element.childNodes].map((child) => this.written(child, marks)).join("");
  }

  written(node, outer) {
    if (node.nodeType === Node.TEXT_NODE) return this.text(node.data, outer);
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    const style = styleOf(node, this.rules), tag = node.localName, why = whyHidden(node, style);
    if (why || (outer.isPoint && style["mso-list"] === "ignore")) {
      this.take(node, why || "unseen");
      return "";
    }
    const marks = marksWithin(node, style, outer);
    if (tag === "br") return "<br>";
    if (tag === "img") this.note("pictures");
    if (tag === "a" && node.getAttribute("href")) marks.link = this.link(node);
    if (tag === "p" && /level/.test(style["mso-list"] ?? "")) return this.point(node, marks);
    const rows = tag === "table" && rowsOfData(node, this.rules);
    if (rows?.length) return this.table(node, rows, marks);
    const name = HEADINGS[tag] ?? (KEPT.includes(tag) ? tag : node.matches(BLOCKS) ? "div" : "");
    const start = tag === "ol" && /^\d{1,4}$/.test(node.getAttribute("start") ?? "") ? ` start=${node.getAttribute("start")}` : "";
    return name ? `<${name}${start}>${this.inside(node, marks)}</${name}>` : this.inside(node, marks);
  }

  text(text, { link, bold, italic, script, hasNoSize }) {
    if (hasNoSize) return "";
    const shown = escaped(text.replace(DETOUR_IN_TEXT, (href) => withoutDetour(href)));
    const tags = [script, italic && "em", bold && "strong"].filter(Boolean);
    const marked = tags.reduce((inner, tag) => `<${tag}>${inner}</${tag}>`, shown);
    return link ? `<a href="${escaped(link)}">${marked}</a>` : marked;
  }

  link(element) {
    const typed = element.getAttribute("href"), meant = address(typed);
    if (!meant && !typed.startsWith("#")) this.note("links");
    if (meant !== typed && withoutDetour(typed) !== typed) this.note("detours");
    return meant;
  }

  point(element, marks) {
    const ignored = [...element.querySelectorAll("*")].filter((part) => styleOf(part, this.rules)["mso-list"] === "ignore");
    const list = /^\s*\(?\w{1,5}[.)]/.test(ignored.map((part) => part.textContent).join("")) ? "ol" : "ul";
    return `<${list} data-point><li>${this.inside(element, { ...marks, isPoint: true })}</li></${list}>`;
  }

  table(element, rows, marks) {
    const caption = element.caption ? `<div>${this.inside(element.caption, marks)}</div>` : "";
    const cell = ([name, spans, of]) => {
      const style = of ? styleOf(of, this.rules) : {};
      return `<${name}${spans}>${of ? this.inside(of, marksWithin(of, style, marks)) : ""}</${name}>`;
    };
    return `${caption}<table>${rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("")}</table>`;
  }
}
