/** Near the limit of a text field, says how many characters are left. */

const SHOWN_BELOW = 200;

for (const field of document.querySelectorAll("[data-counted]")) {
  const output = document.getElementById(field.dataset.counted);
  field.addEventListener("input", () => {
    const left = field.maxLength - field.value.length;
    output.value = left < SHOWN_BELOW ? `${left} characters left` : "";
  });
}
