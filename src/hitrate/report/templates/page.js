for (const button of document.querySelectorAll(".block button")) {
  const block = button.previousElementSibling;
  const added = [...block.querySelectorAll(".added")];
  const text = added.length ? added.map(line => line.textContent.slice(1)).join("\n") : block.textContent;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(block);
      button.textContent = "Selected: copy it";
    }
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}
