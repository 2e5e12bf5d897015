// Moves the focus to what a form says once the pressed button has gone.

export default function (component) {
  const { target, turn } = component.data;
  const known = document.documentElement.dataset;
  const last = Number(known.focused ?? 0);
  if (turn <= last) return;
  known.focused = turn;
  const until = performance.now() + 2000;
  (function look() {
    const found = document.getElementById(target);
    if (found) {
      found.setAttribute("tabindex", "-1");
      found.scrollIntoView({ block: "nearest" });
      found.focus({ preventScroll: true });
      if (document.activeElement === found) return;
    }
    if (performance.now() < until) setTimeout(look, 50);
  })();
}
