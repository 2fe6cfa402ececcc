/* What was read from words of a text, in a site of plain files. */
(() => {
  const box = document.getElementById("said");
  const show = (at) => {
    const found = [...document.querySelectorAll("template[data-at]")].find((one) => one.dataset.at === at);
    if (!found) return;
    box.querySelector("div").replaceChildren(found.content.cloneNode(true));
    box.hidden = false;
    for (const run of document.querySelectorAll(".reading .chosen")) run.classList.remove("chosen");
    for (const link of document.querySelectorAll(`.reading [data-at="${at}"]`)) link.parentElement.classList.add("chosen");
  };
  const fromAddress = () => {
    const begin = /^#c(\d+)$/.exec(location.hash)?.[1];
    if (!begin) return;
    const link = document.querySelector(`.reading [data-at^="${begin},"]`);
    const other = document.querySelector(`template[data-at^="${begin},"]`);
    if (link || other) show((link || other).dataset.at);
  };
  document.querySelector(".reading").addEventListener("click", (event) => {
    const link = event.target.closest("[data-at]");
    if (link) setTimeout(() => show(link.dataset.at));
  });
  window.addEventListener("hashchange", fromAddress);
  fromAddress();
})();
