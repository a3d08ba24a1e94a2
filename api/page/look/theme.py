"""Gradio's theme in this project's colours and the system's fonts. Knows no components."""

import gradio as gr
from gradio.themes.utils import colors, sizes

_FONTS = ("system-ui", "-apple-system", "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")
# The skin of a lychee; 600 on white, and white on it, have a contrast of 5.6.
_LYCHEE = colors.Color(
    c50="#fff1f3", c100="#ffe1e6", c200="#ffc8d2", c300="#ff9fb0", c400="#ff7d98", c500="#e0435f", c600="#c2274b",
    c700="#a31b3f", c800="#881a3a", c900="#741936", c950="#41091a", name="lychee",
)  # fmt: skip


def lychee_theme() -> gr.themes.Base:
    """Light and dark, after the browser's wish."""
    theme = gr.themes.Base(
        primary_hue=_LYCHEE,
        neutral_hue=colors.stone,
        radius_size=sizes.radius_lg,
        font=list(_FONTS),
        font_mono=list(_MONO),
    )
    return theme.set(
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_600",
        button_primary_text_color="white",
        body_background_fill="#fffdfb",
        body_background_fill_dark="#1b1918",
        block_background_fill="white",
        block_background_fill_dark="#242120",
        block_border_width="1px",
        block_label_text_size="*text_sm",
        input_background_fill="white",
        input_background_fill_dark="#1f1c1b",
    )
