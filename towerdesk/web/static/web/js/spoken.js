// A time in a transcript plays the recording from there.
document.addEventListener("click", (event) => {
  const mark = event.target.closest("[data-seek]");
  const sound = mark?.closest(".spoken")?.querySelector("audio");
  if (!sound) return;
  sound.currentTime = Number(mark.dataset.seek);
  sound.play();
});
