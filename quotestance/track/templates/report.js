"use strict";
(() => {
  const quotes = [...document.querySelectorAll(".quote")];
  const points = [...document.querySelectorAll(".point")];
  const controls = ["outlet", "stance", "words"].map((id) => document.getElementById(id));
  const [outlet, stance, words] = controls;
  const clear = document.getElementById("clear");
  const shown = document.getElementById("shown");
  const tip = document.getElementById("tip");
  let period = "";

  function filter() {
    const wanted = words.value.trim().toLowerCase();
    let count = 0;
    for (const quote of quotes) {
      const data = quote.dataset;
      const fits = (!period || data.period === period)
        && (!outlet.value || data.outlet === outlet.value)
        && (!stance.value || data.stance === stance.value)
        && (!wanted || quote.textContent.toLowerCase().includes(wanted));
      quote.hidden = !fits;
      count += fits ? 1 : 0;
    }
    for (const point of points) {
      const chosen = point.dataset.period === period;
      point.classList.toggle("chosen", chosen);
      point.setAttribute("aria-pressed", String(chosen));
    }
    const label = points.find((point) => point.dataset.period === period)?.dataset.label;
    shown.textContent = `${count} of ${quotes.length} quotes` + (label ? `, ${label}` : "");
    clear.hidden = !(period || outlet.value || stance.value || wanted);
  }

  function choose(point) {
    period = period === point.dataset.period ? "" : point.dataset.period;
    filter();
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
      const more = document.createElement("p");
      more.textContent = `and ${own.length - 4} more: click to list them`;
      tip.append(more);
    }
    tip.hidden = false;
    const at = point.getBoundingClientRect();
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    tip.style.left = `${Math.max(8, Math.min(at.left + at.width / 2, room))}px`;
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
  for (const control of controls) control.addEventListener("input", filter);
  clear.addEventListener("click", () => {
    period = "";
    for (const control of controls) control.value = "";
    filter();
  });
  document.getElementById("filters").hidden = false;
  filter();
})();
