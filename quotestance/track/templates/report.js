"use strict";
(() => {
  const PAGE = 50;
  const SIDES = ["speaker", "target", "outlet", "stance"];
  const find = (id) => document.getElementById(id);
  const quotes = [...document.querySelectorAll(".quote")];
  const points = [...document.querySelectorAll(".point")];
  const [words, clear, more, shown, tip] = ["words", "clear", "more", "shown", "tip"].map(find);
  const selects = SIDES.map(find).filter(Boolean);
  let period = "";
  let room = PAGE;

  function fitting() {
    const wanted = words.value.trim().toLowerCase();
    return quotes.filter((quote) =>
      (!period || quote.dataset.period === period)
      && selects.every((select) => !select.value || quote.dataset[select.id] === select.value)
      && (!wanted || quote.textContent.toLowerCase().includes(wanted)));
  }

  function draw() {
    const found = fitting();
    const listed = new Set(found.slice(0, room));
    for (const quote of quotes) quote.hidden = !listed.has(quote);
    for (const point of points) {
      const chosen = point.dataset.period === period;
      point.classList.toggle("chosen", chosen);
      point.setAttribute("aria-pressed", String(chosen));
    }
    const label = points.find((point) => point.dataset.period === period)?.dataset.label;
    shown.textContent = `${found.length} of ${quotes.length} quotes` + (label ? `, ${label}` : "");
    more.hidden = found.length <= room;
    more.textContent = `Show ${Math.min(PAGE, found.length - room)} more of ${found.length - room}`;
    find("none").hidden = found.length > 0 || !quotes.length;
    clear.hidden = found.length === quotes.length;
  }

  function filter() {
    room = PAGE;
    draw();
  }

  function choose(point) {
    period = period === point.dataset.period ? "" : point.dataset.period;
    filter();
  }

  function only(button) {
    period = "";
    words.value = "";
    for (const select of selects) select.value = button.dataset[select.id] ?? "";
    filter();
    find("h-quotes").scrollIntoView();
  }

  function show(point) {
    tip.replaceChildren(point.dataset.summary);
    const own = quotes.filter((quote) => quote.dataset.period === point.dataset.period);
    for (const quote of own.slice(0, 4)) {
      const line = document.createElement("p");
      const said = [...quote.querySelectorAll("mark")].map((mark) => mark.textContent).join(" … ");
      const cut = said.length > 160 ? said.slice(0, 157) + "…" : said;
      line.textContent = `${quote.dataset.sign} ${quote.dataset.speaker}: ${cut}`;
      tip.append(line);
    }
    if (own.length > 4) {
      const rest = document.createElement("p");
      rest.textContent = `and ${own.length - 4} more: click to list them`;
      tip.append(rest);
    }
    tip.hidden = false;
    const at = point.getBoundingClientRect();
    const free = document.documentElement.clientWidth - tip.offsetWidth - 8;
    tip.style.left = `${Math.max(8, Math.min(at.left + at.width / 2, free))}px`;
    tip.style.top = `${at.bottom + window.scrollY - 24}px`;
  }

  for (const point of points) {
    point.addEventListener("click", () => choose(point));
    point.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        choose(point);
      }
    });
    for (const name of ["mouseenter", "focus"]) point.addEventListener(name, () => show(point));
    for (const name of ["mouseleave", "blur"]) {
      point.addEventListener(name, () => { tip.hidden = true; });
    }
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tip.hidden = true;
  });
  for (const button of document.querySelectorAll(".only")) {
    button.addEventListener("click", () => only(button));
  }
  for (const control of [...selects, words]) control.addEventListener("input", filter);
  more.addEventListener("click", () => {
    room += PAGE;
    draw();
  });
  clear.addEventListener("click", () => {
    period = "";
    for (const control of [...selects, words]) control.value = "";
    filter();
  });
  find("filters").hidden = false;
  filter();
})();
