/* Styles of pasted text: what they say of an element, and whether an office program shows it. The rules are those of
   twinning/core/fields/styles.py. */
const ZERO = /^0(\.0*)?([a-z]+|%)?$/;
const HIDING = {
  display: /^none$/,
  visibility: /^(hidden|collapse)$/,
  opacity: ZERO,
  "mso-hide": /^all$/,
  "mso-element": /^comment(-list)?$/,
  "mso-special-character": /^comment$/,
  "text-decoration": /line-through/,
  "text-decoration-line": /line-through/,
  "text-line-through": /^(?!none)./,
};

const declared = (css) => {
  const style = {};
  for (const part of css.toLowerCase().split(";")) {
    const [name, ...value] = part.split(":");
    style[name.trim()] = value.join(":").replace("!important", "").trim();
  }
  return style;
};

/* By "tag", ".class" and "tag.class": the declarations of the rules outside of @media and its like. */
const readSheet = (css) => {
  const rules = {};
  let depth = 0, nested = false, before = "";
  for (const piece of css.replace(/<!--|-->|\/\*[^]*?\*\//g, " ").split(/([{}])/)) {
    if (piece === "{") {
      depth += 1;
      nested ||= before.trim().startsWith("@");
    } else if (piece === "}") {
      depth = Math.max(0, depth - 1);
      nested &&= depth > 0;
    } else if (depth === 1 && !nested) {
      for (const selector of before.split(",")) rules[selector.trim()] = { ...rules[selector.trim()], ...declared(piece) };
    }
    if (piece !== "{" && piece !== "}") before = piece;
  }
  return rules;
};

const styleOf = (element, rules) => {
  const named = [...element.classList].flatMap((name) => [`.${name}`, `${element.localName}.${name}`]);
  const own = declared(element.dataset.style ?? element.getAttribute("style") ?? "");
  return Object.assign({}, ...[element.localName, ...named].map((name) => rules[name]), own);
};

/* Why a program does not show an element: "deleted", "comments", "hidden"; nothing if it does. */
const whyHidden = (element, style) => {
  const names = [...element.classList].join(" ");
  if (element.matches("style, textarea.sheet, script, noscript, template, title, xml")) return "unseen";
  if (element.matches("del, s, strike") || /\bmsodel\b/i.test(names)) return "deleted";
  if (element.matches("comment, a[href^='#cmnt']") || /(^|\s)msocom\w*/i.test(names)) return "comments";
  const found = Object.keys(HIDING).find((name) => HIDING[name].test(style[name] ?? ""));
  if (found?.startsWith("text-")) return "deleted";
  if (found?.startsWith("mso-element") || found?.startsWith("mso-special")) return "comments";
  const isShut = ZERO.test(style["max-height"] ?? "") && style.overflow === "hidden";
  return found || isShut || element.hasAttribute("hidden") ? "hidden" : "";
};

const marksWithin = (element, style, marks) => {
  const weight = style["font-weight"] ?? "";
  const choose = (values, value, otherwise) => values[value] ?? otherwise;
  const bold = choose({ bold: true, bolder: true, normal: false, lighter: false }, weight, marks.bold || element.matches("b, strong"));
  const raised = element.matches("sup, sub") ? element.localName : /mso(foot|end)notereference/i.test(element.className) ? "sup" : marks.script;
  return {
    ...marks,
    bold: /^\d+$/.test(weight) ? Number(weight) >= 600 : bold,
    italic: choose({ italic: true, oblique: true, normal: false }, style["font-style"], marks.italic || element.matches("i, em")),
    script: choose({ super: "sup", sub: "sub", baseline: "" }, style["vertical-align"], raised),
    hasNoSize: style["font-size"] ? ZERO.test(style["font-size"]) : marks.hasNoSize,
  };
};
