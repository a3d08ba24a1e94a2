// Saves a text as a file that only this browser ever holds. Takes {name, type, text, number}, a new number each time.
watch("value", () => {
  const told = props.value;
  if (!told?.name) return;
  const url = URL.createObjectURL(new Blob([told.text], { type: told.type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: told.name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
});
