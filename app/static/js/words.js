// The words and addresses that the page tells a script, by the script's name; nothing is written into scripts.

export function words(name) {
  const told = document.querySelector(`script[data-words="${name}"]`);
  return told ? JSON.parse(told.textContent) : {};
}
