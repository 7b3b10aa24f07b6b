/** What every page does: menus that close, times in the reader's own zone and words. */

for (const menu of /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.menu"))) {
  document.addEventListener("click", (event) => {
    if (menu.open && !menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}

const language = document.documentElement.lang;
const dateAndTime = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const dateOnly = new Intl.DateTimeFormat(language, { dateStyle: "long" });

function showTimes() {
  for (const time of /** @type {NodeListOf<HTMLTimeElement>} */ (document.querySelectorAll("time[datetime]"))) {
    const format = time.dataset.only === "date" ? dateOnly : dateAndTime;
    time.textContent = format.format(new Date(time.dateTime));
  }
}

showTimes();
document.addEventListener("htmx:afterSwap", showTimes);

const zone = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=time_zone]"));
if (zone?.value === "UTC") {
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (zone.form?.querySelectorAll("input[type=datetime-local]"))) {
    if (input.value) input.value = localInputValue(new Date(`${input.value}Z`));
  }
  zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** What a datetime-local input shows for a moment, here: by the offset of that moment, not of today. */
function localInputValue(/** @type {Date} */ moment) {
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
