// Every page works without this file. It moves focus after a swap, closes menus and stops double posts.
"use strict";

const WIDE = window.matchMedia("(min-width: 62rem)");

function focusOn(root) {
  const place = root.querySelector("[data-focus]") || root.querySelector("h1, h2");
  if (!place) return;
  if (!place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
  place.focus();
}

function say(words) {
  const region = document.getElementById("status");
  if (region) region.textContent = words;
}

// Browsers without ::details-content: open what CSS can't.
function openOnWide(root) {
  if (CSS.supports("selector(::details-content)") || !WIDE.matches) return;
  root.querySelectorAll("details.wide-open").forEach((part) => { part.open = true; });
}

function closeMenus(except) {
  document.querySelectorAll("details.user-menu[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.user-menu"));
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.user-menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});

document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-select-all]");
  if (all) document.getElementsByName(all.dataset.selectAll).forEach((box) => { box.checked = all.checked; });
});

document.addEventListener("submit", (event) => {
  if (event.target.method !== "post" || event.target.matches("[hx-post], [data-download]")) return;
  if (event.target.getAttribute("aria-busy") === "true") event.preventDefault();
  event.target.setAttribute("aria-busy", "true");
});

// Back from the browser's cache: the form may be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy"));
});

document.addEventListener("htmx:afterSettle", (event) => { openOnWide(document); if (!event.target.closest("[data-quiet]")) focusOn(event.target); });
document.addEventListener("htmx:responseError", () => say(document.getElementById("status").dataset.failed));
document.addEventListener("htmx:sendError", () => say(document.getElementById("status").dataset.failed));
openOnWide(document);
