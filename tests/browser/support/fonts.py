"""Where the browser finds its letters, Chinese ones among them, on a machine that has none. Knows no browser."""

from importlib.util import find_spec
from pathlib import Path

# The first family that is there draws Latin letters; what it lacks is drawn from the next.
_FAMILIES = ("Inter", "Noto Sans", "Liberation Sans", "Noto Sans CJK SC")
_MADE = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  {aliases}
</fontconfig>
"""
_ALIAS = (
    '<match target="pattern"><test name="family"><string>{name}</string></test>'
    '<edit name="family" mode="prepend" binding="strong">{preferred}</edit></match>'
)


def font_settings(folder: Path) -> dict[str, str]:
    """The environment in which a program finds mplfonts' Chinese fonts. folder: for a file, and fontconfig's cache."""
    spec = find_spec("mplfonts")
    if spec is None or spec.origin is None:
        raise RuntimeError("mplfonts is not installed; it is among the dev requirements")
    preferred = "".join(f"<string>{family}</string>" for family in _FAMILIES)
    aliases = "\n  ".join(_ALIAS.format(name=name, preferred=preferred) for name in ("system-ui", "sans-serif", "sans"))
    path = folder / "fonts.conf"
    fonts = Path(spec.origin).parent / "fonts"
    path.write_text(_MADE.format(fonts=fonts, cache=folder / "font-cache", aliases=aliases), "utf-8")
    return {"FONTCONFIG_FILE": str(path)}
