/* Decisions on what is doubtful: each click is saved at once. */
(() => {
  const review = document.getElementById("review");
  const status = document.getElementById("status");
  const send = async (path, body, headers = { "Content-Type": "application/json" }) => {
    const response = await fetch(path, { method: "POST", body, headers: { "X-KG-Desk": review.dataset.token, ...headers } });
    const data = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(data.error || review.dataset.broken);
    return data;
  };
  for (const card of document.querySelectorAll(".doubts > li")) {
    const fault = card.querySelector(".warn");
    const attempt = async (work) => {
      fault.hidden = true;
      try { await work(); } catch (error) { fault.textContent = error.message; fault.hidden = false; }
    };
    for (const button of card.querySelectorAll("[data-decision]")) {
      button.addEventListener("click", () => attempt(async () => {
        const field = button.previousElementSibling;
        const value = field && field.matches("input") ? field.value : "";
        const slot = card.querySelector("select")?.value || "";
        await send("/desk/decide", JSON.stringify({ id: card.dataset.id, decision: button.dataset.decision, value, slot }));
        card.classList.add("done");
        card.querySelector(".decided b").textContent = review.dataset.decided.replace("{verdict}", button.textContent + (value ? `：${value}` : ""));
      }));
    }
    card.querySelector(".retract").addEventListener("click", () => attempt(async () => {
      await send("/desk/retract", JSON.stringify({ id: card.dataset.id }));
      card.classList.remove("done");
    }));
  }
  const sheet = document.getElementById("sheet");
  document.getElementById("hand-in").addEventListener("click", () => sheet.click());
  sheet.addEventListener("change", async () => {
    try {
      const { number } = await send("/desk/decisions", sheet.files[0], { "Content-Type": "application/octet-stream" });
      status.textContent = review.dataset.taken.replace("{n}", number);
    } catch (error) {
      status.textContent = error.message;
    }
    sheet.value = "";
  });
})();
