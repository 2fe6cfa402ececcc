/* The reader's choice of light or dark, before the page is drawn. */
try {
  const chosen = localStorage.getItem("kg-scheme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.scheme = chosen;
} catch { /* no storage */ }
