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
# Greys as warm as its flesh. On the page's ground 600 has a contrast of 6.1 in the light, 400 of 7.2 in the dark.
_FLESH = colors.Color(
    c50="#fbf9f7", c100="#f4f0ed", c200="#e8e2de", c300="#d8d0cb", c400="#a9a09b", c500="#857c77", c600="#655d59",
    c700="#3b3634", c800="#242120", c900="#1b1918", c950="#141211", name="flesh",
)  # fmt: skip


def lychee_theme() -> gr.themes.Base:
    """Light and dark, after the browser's wish. Blocks are bare: what one can write in or press has the border."""
    theme = gr.themes.Base(
        primary_hue=_LYCHEE,
        secondary_hue=_LYCHEE,
        neutral_hue=_FLESH,
        radius_size=sizes.radius_lg,
        font=list(_FONTS),
        font_mono=list(_MONO),
    )
    return theme.set(**_GROUNDS, **_BLOCKS, **_INPUTS, **_BUTTONS)


_GROUNDS = {
    "body_background_fill": "*neutral_50",
    "body_background_fill_dark": "*neutral_900",
    "body_text_color": "#211d1b",
    "body_text_color_dark": "#efeae7",
    "body_text_color_subdued": "*neutral_600",
    "body_text_color_subdued_dark": "*neutral_400",
    "background_fill_primary": "white",
    "background_fill_primary_dark": "*neutral_800",
    "background_fill_secondary": "*neutral_100",
    "background_fill_secondary_dark": "#2b2726",
    "border_color_primary": "*neutral_200",
    "border_color_primary_dark": "*neutral_700",
    "link_text_color": "*primary_600",
    "link_text_color_dark": "*primary_400",
    "link_text_color_hover": "*primary_700",
    "link_text_color_hover_dark": "*primary_300",
    "link_text_color_visited": "*primary_600",
    "link_text_color_visited_dark": "*primary_400",
    "color_accent_soft": "*primary_50",
    "color_accent_soft_dark": "#3a1820",
}
_BLOCKS = {
    "block_background_fill": "white",
    "block_background_fill_dark": "*neutral_800",
    "block_border_width": "0px",
    "block_border_width_dark": "0px",
    "block_padding": "0px",
    "block_shadow": "none",
    "block_title_text_size": "*text_sm",
    "block_title_text_weight": "600",
    "block_title_text_color": "*body_text_color",
    "block_title_text_color_dark": "*body_text_color",
    "block_label_text_size": "*text_sm",
    "block_label_text_weight": "600",
    "block_label_text_color": "*body_text_color",
    "block_label_text_color_dark": "*body_text_color",
    "block_info_text_color": "*body_text_color_subdued",
    "block_info_text_color_dark": "*body_text_color_subdued",
    "form_gap_width": "0px",
    "layout_gap": "1rem",
}
_INPUTS = {
    "input_background_fill": "white",
    "input_background_fill_dark": "#1f1c1b",
    "input_border_width": "1px",
    "input_border_color": "*neutral_300",
    "input_border_color_dark": "#4b4542",
    "input_border_color_focus": "*primary_500",
    "input_border_color_focus_dark": "*primary_400",
    "input_placeholder_color": "#7a716c",
    "input_placeholder_color_dark": "#968d88",
    "input_radius": "*radius_md",
    "input_shadow_focus": "0 0 0 3px *primary_100",
    "input_shadow_focus_dark": "0 0 0 3px *primary_950",
    "checkbox_border_color": "*neutral_500",
    "checkbox_border_color_dark": "*neutral_500",
    "checkbox_background_color_selected": "*primary_600",
    "checkbox_background_color_selected_dark": "*primary_600",
    "checkbox_border_color_selected": "*primary_600",
    "checkbox_border_color_selected_dark": "*primary_600",
    "checkbox_label_background_fill": "transparent",
    "checkbox_label_background_fill_dark": "transparent",
    "checkbox_label_background_fill_hover": "*background_fill_secondary",
    "checkbox_label_background_fill_hover_dark": "*background_fill_secondary",
    "checkbox_label_background_fill_selected": "*primary_50",
    "checkbox_label_background_fill_selected_dark": "#3a1820",
    "checkbox_label_text_color_selected": "*body_text_color",
    "checkbox_label_text_color_selected_dark": "*body_text_color",
    "checkbox_label_border_color": "*neutral_300",
    "checkbox_label_border_color_dark": "#4b4542",
    "checkbox_label_border_color_selected": "*primary_600",
    "checkbox_label_border_color_selected_dark": "*primary_500",
    "checkbox_label_border_width": "1px",
    "slider_color": "*primary_600",
    "slider_color_dark": "*primary_500",
}
_BUTTONS = {
    "button_border_width": "1px",
    "button_large_padding": ".6rem 1.1rem",
    "button_large_radius": "*radius_md",
    "button_large_text_size": "*text_md",
    "button_large_text_weight": "600",
    "button_primary_background_fill": "*primary_600",
    "button_primary_background_fill_dark": "*primary_600",
    "button_primary_background_fill_hover": "*primary_700",
    "button_primary_background_fill_hover_dark": "*primary_700",
    "button_primary_border_color": "*primary_600",
    "button_primary_border_color_dark": "*primary_600",
    "button_primary_text_color": "white",
    "button_primary_text_color_dark": "white",
    "button_secondary_background_fill": "white",
    "button_secondary_background_fill_dark": "*neutral_800",
    "button_secondary_background_fill_hover": "*neutral_100",
    "button_secondary_background_fill_hover_dark": "#332f2d",
    "button_secondary_border_color": "*neutral_300",
    "button_secondary_border_color_dark": "#4b4542",
    "button_secondary_text_color": "*body_text_color",
    "button_secondary_text_color_dark": "*body_text_color",
}
