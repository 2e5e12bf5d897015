"""Moves the focus to what a form says once the pressed button has gone."""

from __future__ import annotations

import streamlit as st

_FOCUS = st.components.v2.component(
    "compactgraph_focus",
    js="""
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
""",
)


def focus(target: str, turn: int) -> None:
    """Move the focus to the element ``target``, once for each ``turn``, which only grows."""
    _FOCUS(key="focus", data={"target": target, "turn": turn})
