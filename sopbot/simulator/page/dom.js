/**
 * Building elements by hand, so that no text ever passes an HTML parser; the icons are drawn here too.
 * Counterpart: richtext.js, the only module that reads markup.
 */

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  attach: "M8 12.500 14.500 6a3 3 0 0 1 4.300 4.300l-8 8a5 5 0 0 1-7.100-7.100L11.500 3.500",
  back: "M15 5l-7 7 7 7",
  check: "M5 12.500l4.500 4.500L19 7.500",
  close: "M6 6l12 12M18 6L6 18",
  clock: "M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17M12 7.500V12l3 2",
  copy: "M9 9h10v11H9zM15 9V4H5v11h4",
  down: "M6 9.500l6 6 6-6",
  edit: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  file: "M7 3.500h7l4.500 4.500v12.500H7zM14 3.500V8h4.500",
  link: "M8 16L17 7M10 7h7v7",
  more: "M12 6v.01M12 12v.01M12 18v.01",
  reply: "M10 7l-5 5 5 5M5.500 12H14a5 5 0 0 1 5 5v1.500",
  search: "M10.500 4.500a6 6 0 1 0 0 12 6 6 0 0 0 0-12M15 15l5 5",
  send: "M4.500 12 4 5l16.500 7L4 19l.5-7H12",
  slash: "M15 5L9 19",
  sticker: "M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17M9 10v.01M15 10v.01M8.500 14.500c1.800 2.200 5.200 2.200 7 0",
};

/**
 * One element. `props`: `class`, `text`, `data` (dataset), `on` (listeners); anything else is a property of the
 * element when it has one of that name, otherwise an attribute. `null`, `undefined` and `false` are left out.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "on") for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else if (name in node && !name.startsWith("aria-")) node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A line drawing of 24×24 that takes the colour of the text; hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A round button with an icon and a spoken name. */
export function iconButton(name, label, onClick, props = {}) {
  return el("button", { type: "button", title: label, "aria-label": label, ...props,
    class: `icon-button ${props.class ?? ""}`, on: { click: onClick } }, icon(name));
}

/** The circle with a person's initials; the colour follows the number, so it is the same everywhere. */
export function avatar(person) {
  const words = person.name.replace(/^(bapak|ibu|pak|bu|drs?|dra|ir|hj?)\.?\s+/i, "").split(/\s+/)
    .filter((word) => /^\p{L}/u.test(word) && !word.endsWith("."));
  const initials = words.slice(0, 2).map((word) => [...word][0]).join("").toUpperCase() || "?";
  return el("span", { class: `avatar avatar-${Math.abs(person.id) % 7}`, "aria-hidden": "true", text: initials });
}
