/**
 * A small menu at a button: arrow keys, Escape, a press elsewhere closes it.
 */

import { el, icon } from "./dom.js";

let close = null;

/** Opens a menu of `{label, icon, run}` at `anchor`; pressing the anchor again closes it. */
export function openMenu(anchor, actions) {
  const same = close?.anchor === anchor;
  close?.();
  if (same) return;
  const menu = el("div", { class: "menu", role: "menu" }, ...actions.map((action) => el("button",
    { type: "button", role: "menuitem", class: "menu-item", on: { click: () => { close?.(); action.run(); } } },
    icon(action.icon), el("span", { text: action.label }))));
  document.body.append(menu);
  place(menu, anchor);

  const items = [...menu.children];
  const onKey = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      close?.();
      anchor.focus();
    }
  };
  const onPress = (event) => {
    if (!menu.contains(event.target) && !anchor.contains(event.target)) close?.();
  };
  const onScroll = () => close?.();
  menu.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", onPress, true);
  document.addEventListener("scroll", onScroll, true);
  addEventListener("resize", onScroll);
  anchor.setAttribute("aria-expanded", "true");

  close = () => {
    menu.remove();
    document.removeEventListener("pointerdown", onPress, true);
    document.removeEventListener("scroll", onScroll, true);
    removeEventListener("resize", onScroll);
    anchor.setAttribute("aria-expanded", "false");
    close = null;
  };
  close.anchor = anchor;
  items[0].focus({ preventScroll: true });
}

function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = at.bottom + size.height + 8 < innerHeight;
  const left = Math.min(Math.max(8, at.left), innerWidth - size.width - 8);
  menu.style.setProperty("left", `${left}px`);
  menu.style.setProperty("top", `${below ? at.bottom + 4 : Math.max(8, at.top - size.height - 4)}px`);
}
